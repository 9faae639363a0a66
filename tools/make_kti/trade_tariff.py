# SPDX-License-Identifier: Apache-2.0
"""tariff.csv: what each published row means for a leg, and what fills the gaps.

Groups: rows of one group are alternatives. haul-rail and haul-road price every country part of a land leg once; traction-rail,
wagon-hire, wagon-return, border-..., seal-..., freight come on top. Priorities inside a group: goods by HS 30, published by class 20,
held or derived 5 to 10, proxy 0, any country -20.

Rows that exist because of a measure are built here and handed to the measure (`measure` = its id), so that a query can be run without it.
"""

COLUMNS = """tariff_id name use charge mode countries from_node_id to_node_id both_ways via_node_ids origin_countries
destination_countries traffic cargo_classes hs_prefixes hs_except feet unit_t_from unit_t_to distance_from_km distance_to_km belt_rule
basis price currency group applies_to priority valid_from valid_to carry_forward conditions quality source_id estimated_fields
note""".split()

BASIS = {
    "usd_per_t": "t", "usd_per_tkm": "tkm", "usd_per_teu_km": "teu_km", "usd_per_feu_km": "feu_km",
    "usd_per_wagon_km": "wagon_km", "usd_per_vehicle_km": "truck_km", "usd_per_500km_20t": "consignment",
    "usd_per_container": "container", "usd_per_truck": "truck", "usd_per_wagon_day": "wagon_day",
    "usd_per_truck_day": "truck_day", "usd_per_vessel_day": "vessel_day", "fee": "consignment",
    "coefficient": "coefficient", "pct_per_day": "pct_per_day", "pct_per_year": "pct_per_year",
}

KTI = "kz-bolashak;tm-serhetyaka"
WAGON_GOODS = "grain_bulk;general;metal;oil_bulk"
BOXES = "container;reefer"
NORTH = "KZ;RU;CN;UZ;KG;TJ;AF;BY"  # the coefficients hold for goods that leave Turkmenistan towards Iran
GRAIN_OIL = "10;11;2709;2710;2711"  # not grain, milled products, oil products

# goods of the Kazakh track tariff: suffix, name, class, hs, price of 2023 in USD per tkm, priority
TRACK = [
    ("grain", "grain", "grain_bulk", "", 0.009, 20), ("coal", "coal", "general", "2701;2702;2704", 0.0047, 30),
    ("oil", "oil and oil products", "oil_bulk", "", 0.011, 20), ("metal", "metal", "metal", "", 0.021, 20),
    ("ironore", "iron ore", "general", "2601", 0.0114, 30), ("cement", "cement", "general", "2523", 0.0141, 30),
    ("construction", "construction cargo", "general", "2505;2517;2520;6802;6904;6907", 0.0141, 30),
    ("average", "other goods", "general", "", 0.0117, 20),
]
TRACK_IDS = ";".join(f"tar-kz-dtj-2023-{t[0]};tar-kz-track-{t[0]}-held" for t in TRACK)
TM_IDS = "tar-tm-wagon-est"

# Changes to raw rows. Every row is context unless it stands here with use.
RAW = {
    "tar-kti-2023-teu-light": dict(use="rate", charge="haul", countries="KZ;TM;IR", via_node_ids=KTI, cargo_classes=BOXES, feet="20",
        unit_t_to="24", group="haul-rail", priority="30", name="Container rail, unified rate 2023, 20 ft up to 24 t", measure="m-kti-rate-2023"),
    "tar-kti-2023-teu-heavy": dict(use="rate", charge="haul", countries="KZ;TM;IR", via_node_ids=KTI, cargo_classes=BOXES, feet="20",
        unit_t_from="24", group="haul-rail", priority="29", name="Container rail, unified rate 2023, 20 ft over 24 t", measure="m-kti-rate-2023"),
    "tar-kti-2023-feu": dict(use="rate", charge="haul", countries="KZ;TM;IR", via_node_ids=KTI, cargo_classes=BOXES, feet="40",
        group="haul-rail", priority="30", name="Container rail, unified rate 2023, 40 ft", measure="m-kti-rate-2023"),
    "tar-rzd-2023-kti-discount": dict(use="coefficient", charge="haul", countries="RU", via_node_ids=KTI, cargo_classes=BOXES,
        group="coef-ru-kti", applies_to="haul-rail", name="RZD discount for containers by Bolashak", measure="m-kti-rate-2023"),
    "tar-ktz-2023-40off": dict(use="coefficient", charge="haul", countries="KZ", origin_countries="RU",
        destination_countries="TM;UZ;KG;TJ;AF;IR", hs_except=GRAIN_OIL, cargo_classes="general;metal", group="coef-kz-2023",
        applies_to=TRACK_IDS, name="KTZ discount from the Russian border", measure="m-kti-discount-2023-03"),
    "tar-tdy-2023-akyayla": dict(use="coefficient", charge="haul", countries="TM", via_node_ids="tm-akyayla", traffic="transit",
        origin_countries=NORTH, cargo_classes="", group="coef-tm-akyayla", applies_to=TM_IDS, carry_forward="true", name="Turkmen coefficient for Akyayla",
        measure="m-tm-coefs-2023-2026"),
    "tar-tdy-2023-sarakhs": dict(use="coefficient", charge="haul", countries="TM", via_node_ids="tm-serakhs", traffic="transit",
        origin_countries=NORTH, cargo_classes="", group="coef-tm-sarakhs", applies_to=TM_IDS, name="Turkmen coefficient for Sarakhs",
        measure="m-kti-discount-2023-03"),
    "tar-tdy-2025q3-akyayla": dict(use="coefficient", charge="haul", countries="TM", via_node_ids="tm-akyayla", traffic="transit",
        origin_countries=NORTH, cargo_classes="", group="coef-tm-akyayla", applies_to=TM_IDS, carry_forward="true", name="Turkmen coefficient for Akyayla",
        measure="m-tm-coefs-2023-2026"),
    "tar-tdy-2026q1-akyayla": dict(use="coefficient", charge="haul", countries="TM", via_node_ids="tm-akyayla", traffic="transit",
        origin_countries=NORTH, cargo_classes="", group="coef-tm-akyayla", applies_to=TM_IDS, carry_forward="true", name="Turkmen coefficient for Akyayla",
        measure="m-tm-coefs-2023-2026"),
    "tar-tdy-2025q3-serhetyaka-priv": dict(use="coefficient", charge="haul", countries="TM", via_node_ids="tm-serhetyaka",
        traffic="transit", origin_countries="UZ;AF;AZ;GE;TR", destination_countries="KZ;RU;CN", cargo_classes="grain_bulk;general;metal;container;reefer",
        group="coef-tm-serhetyaka", applies_to=TM_IDS, name="Turkmen coefficient for Serhetyaka, private wagons",
        why="the two sections left out are written as origins other than Iran; every wagon is taken as private"),
    "tar-tdy-2025q3-serhetyaka-imamnazar": dict(use="coefficient", charge="haul", countries="TM", via_node_ids="tm-ymamnazar",
        traffic="transit", cargo_classes="grain_bulk;general;metal;container;reefer", group="coef-tm-imamnazar", applies_to=TM_IDS,
        name="Turkmen coefficient Serhetyaka - Imamnazar"),
    "tar-tdy-2025-sulphur-sarakhs": dict(use="coefficient", charge="haul", countries="TM", via_node_ids="tm-serakhs",
        origin_countries="TM", hs_prefixes="2503", cargo_classes="", group="coef-tm-sulphur", applies_to=TM_IDS,
        name="Turkmen export of sulphur over Sarakhs"),
    "tar-tdy-2022-farap-sarakhs": dict(charge="haul", countries="TM", why="the list of goods is not at hand"),
    "tar-tdy-2022-farap-turkmenbashi": dict(charge="haul", countries="TM", why="the list of goods is not at hand"),
    "tar-ktz-2015-20ft": dict(use="rate", charge="haul", countries="KZ", via_node_ids=KTI, cargo_classes=BOXES, feet="20",
        group="haul-rail", priority="30", name="Container rail, Kazakhstan 2015, 20 ft", measure="m-kti-uniform-rate-2015"),
    "tar-ktz-2015-40ft": dict(use="rate", charge="haul", countries="KZ", via_node_ids=KTI, cargo_classes=BOXES, feet="40",
        group="haul-rail", priority="30", name="Container rail, Kazakhstan 2015, 40 ft", measure="m-kti-uniform-rate-2015"),
    "tar-ett-private-wagon": dict(charge="haul", why="the ETT base rates are not at hand, so there is nothing to multiply"),
    "tar-ett-empty-4axle": dict(charge="haul", why="the way back of the empty wagon is priced by wagon days (tar-wagon-return-est)"),
    "tar-ett-empty-2axle": dict(charge="haul", why="two-axle wagons do not run here"),
    "tar-ktz-2026-plan-grain": dict(use="coefficient", charge="haul", countries="KZ", cargo_classes="grain_bulk", group="coef-kz-2026",
        applies_to=TRACK_IDS, name="KTZ draft tariff 2026: grain", measure="m-ktz-tariff-2026"),
    "tar-ktz-2026-plan-coal": dict(use="coefficient", charge="haul", countries="KZ", cargo_classes="general", hs_prefixes="2701;2702;2704",
        group="coef-kz-2026", applies_to=TRACK_IDS, name="KTZ draft tariff 2026: coal", measure="m-ktz-tariff-2026"),
    "tar-ktz-2026-plan-lpg": dict(use="coefficient", charge="haul", countries="KZ", cargo_classes="oil_bulk", hs_prefixes="2711",
        group="coef-kz-2026", applies_to=TRACK_IDS, name="KTZ draft tariff 2026: liquefied gas", measure="m-ktz-tariff-2026"),
    "tar-ktz-2026-plan-fert": dict(use="coefficient", charge="haul", countries="KZ", cargo_classes="general", hs_prefixes="28;31",
        group="coef-kz-2026", applies_to=TRACK_IDS, name="KTZ draft tariff 2026: chemicals and fertiliser", measure="m-ktz-tariff-2026"),
    "tar-ktz-2024-crude-aktau": dict(use="coefficient", charge="haul", countries="KZ", via_node_ids="kz-aktau-port", cargo_classes="oil_bulk",
        hs_prefixes="2709", group="coef-kz-crude", applies_to=TRACK_IDS, name="KTZ coefficient for crude oil to Aktau",
        why="the section Makhambet - Aktau-Port is written as: the leg touches Aktau port"),
    "tar-kostanay-ba-2015": dict(charge="through", from_node_id="kz-kostanay", to_node_id="ir-shahid-rajaee-port", cargo_classes="grain_bulk",
        countries="", group="through", priority="50", name="Through rate Kostanay - Bandar Abbas, proposal of 2015",
        why="switched to a rate by the measure m-kostanay-ba-120-2015"),
    "tar-kz-grain-subsidy-20": dict(use="rate", charge="other", countries="KZ", origin_countries="KZ", to_node_id="ru-novorossiysk-port",
        cargo_classes="grain_bulk", hs_prefixes="1001", group="subsidy-kz-grain", name="Kazakh transport subsidy for wheat over Russia",
        measure="m-grain-subsidy-2024"),
    "tar-kz-grain-subsidy-30": dict(use="rate", charge="other", countries="KZ", origin_countries="KZ", to_node_id="ge-poti-port",
        cargo_classes="grain_bulk", hs_prefixes="1001", group="subsidy-kz-grain", name="Kazakh transport subsidy for wheat over AZ and GE",
        measure="m-grain-subsidy-2024"),
    "tar-rai-2021-sulphur-state": dict(use="rate", charge="through", from_node_id="ir-sarakhs", to_node_id="ir-shahid-rajaee-port", countries="IR",
        traffic="transit", hs_prefixes="2503", group="through", name="RAI sulphur Sarakhs - Rajaee port, RAI wagons"),
    "tar-rai-2021-sulphur-private": dict(charge="through", countries="IR", why="the alternative in private wagons of tar-rai-2021-sulphur-state"),
    "tar-rai-2021-sulphur-tkm": dict(use="rate", charge="haul", countries="IR", traffic="transit", hs_prefixes="2503", group="haul-rail",
        priority="30", name="RAI sulphur transit per tkm"),
    "tar-rai-2016-discount-20": dict(charge="haul", countries="IR", why="the TEA tariff that it multiplies is not at hand"),
    "tar-rai-2016-discount-40": dict(charge="haul", countries="IR", why="the TEA tariff that it multiplies is not at hand"),
    "tar-rai-disc-bandarabbas": dict(charge="haul", countries="IR", why="year not shown, the tariff that it multiplies is not at hand"),
    "tar-rai-disc-pakistan": dict(charge="haul", countries="IR", why="year not shown, the tariff that it multiplies is not at hand"),
    "tar-rai-disc-turkey": dict(charge="haul", countries="IR", why="year not shown, the tariff that it multiplies is not at hand"),
    "tar-cpmm-rail-2022-tkm": dict(use="rate", charge="haul", countries="AF;AZ;CN;GE;KG;KZ;MN;PK;TJ;TM;UZ", cargo_classes=BOXES + ";roro",
        group="haul-rail", priority="5", carry_forward="true", name="Rail, CAREC mean"),
    "tar-cpmm-rail-kaz-2022-tkm": dict(use="rate", charge="haul", countries="KZ", cargo_classes=BOXES + ";roro", group="haul-rail",
        priority="10", carry_forward="true", name="Rail, Kazakhstan, CAREC sample"),
    "tar-cpmm-rail-tkm-2023-tkm": dict(use="rate", charge="haul", countries="TM", cargo_classes=BOXES + ";roro", group="haul-rail",
        priority="10", carry_forward="true", name="Rail, Turkmenistan, CAREC sample"),
    "tar-cpmm-rail-uzb-2023-tkm": dict(use="rate", charge="haul", countries="UZ", cargo_classes=BOXES + ";roro", group="haul-rail",
        priority="10", carry_forward="true", name="Rail, Uzbekistan, CAREC sample"),
    "tar-cpmm-bcp-rail-kaz-in-2022": dict(use="rate", charge="border", countries="KZ", via_node_ids=KTI, cargo_classes=BOXES,
        basis="container", group="border-kz-rail", carry_forward="true", name="Rail border, Kazakh half, inbound",
        why="charged only on the way by Bolashak, where the container rate leaves border costs out; the CAREC rates of other ways "
            "hold them already"),
    "tar-cpmm-bcp-rail-tkm-in-2023": dict(use="rate", charge="border", countries="TM", via_node_ids=KTI, cargo_classes=BOXES,
        basis="container", group="border-tm-rail", carry_forward="true", name="Rail border, Turkmen half, inbound",
        why="charged only on the way by Bolashak, as the Kazakh half"),
    "tar-navseal-start": dict(use="rate", charge="seal", countries="KZ", traffic="transit", origin_countries="CN;IR;TM;UZ;AF;PK;IN;AE;TR",
        cargo_classes=BOXES, basis="container", group="seal-start", name="Navigation seal, start", price="70001", currency="KZT",
        why="only goods on a list need it; the list is not at hand, so every transit box of a third country pays: an upper value"),
    "tar-navseal-end": dict(use="rate", charge="seal", countries="KZ", traffic="transit", origin_countries="CN;IR;TM;UZ;AF;PK;IN;AE;TR",
        cargo_classes=BOXES, basis="container", group="seal-end", name="Navigation seal, end", price="55905", currency="KZT",
        why="as the start"),
    "tar-navseal-pass": dict(charge="seal", countries="KZ", basis="container", why="an alternative to start and end when two members are passed"),
    "tar-tm-truck-2022-20t": dict(use="rate", charge="border", countries="TM", basis="truck", cargo_classes="", group="tm-truck-fee",
        name="Turkmen fee for a foreign truck of 10 to 20 t", measure="m-tm-fees-2022"),
    "tar-tm-truck-2022-10t": dict(charge="border", countries="TM", basis="truck", why="the truck of the model carries 20 t"),
    "tar-tm-truck-2022-99t": dict(charge="border", countries="TM", basis="truck", why="the truck of the model carries 20 t"),
    "tar-tm-entry-levy-2022": dict(use="rate", charge="border", countries="TM", basis="truck", cargo_classes="", group="tm-entry-levy",
        name="Turkmen entry levy", measure="m-tm-fees-2022"),
    "tar-tm-gps": dict(use="rate", charge="border", countries="TM", basis="truck", cargo_classes="", group="tm-gps",
        name="Turkmen geolocation device"),
    "tar-tm-iran-perkm-2022": dict(use="rate", charge="haul", countries="TM", destination_countries="IR", cargo_classes="", valid_to="",
        group="tm-iran-perkm", name="Turkmen charge per km on trucks of the Iran trade",
        why="laid on Iranian trucks, written as trucks bound for Iran; ended on 2022-09-30 by the measure m-tm-fees-2022, which sets "
            "the last day"),
    "tar-tm-iran-perkm-earlier": dict(charge="haul", countries="TM", why="year not shown"),
    "tar-cpmm-note-2022-tm": dict(charge="haul", countries="TM", why="second witness of tar-tm-iran-perkm-2022"),
    "tar-tm-trailer-entry-2023": dict(charge="border", countries="TM", basis="truck", why="for trailers without a foreign tractor; kept in rule.csv as a permit"),
    "tar-tm-trailer-transit-2023": dict(charge="border", countries="TM", basis="truck", why="for trailers without a foreign tractor; kept in rule.csv as a permit"),
    "tar-tm-trailer-entry-2020": dict(charge="border", countries="TM", basis="truck", why="for trailers without a foreign tractor"),
    "tar-tm-trailer-transit-2020": dict(charge="border", countries="TM", basis="truck", why="for trailers without a foreign tractor"),
    "tar-tm-uz-driver-total-2024": dict(charge="border", countries="TM", basis="truck", why="a total; the single fees are charged"),
    "tar-tm-multimodal-fee": dict(charge="border", countries="TM", basis="truck", why="date not shown; only trucks that load at a Turkmen yard"),
    "tar-ir-uz-tax400": dict(charge="border", countries="IR;UZ", why="the fee that it multiplies is not published"),
    "tar-uz-tm-truck-2025-10t": dict(charge="border", countries="UZ", basis="truck", why="Turkmen trucks only; carriers by flag are not modelled"),
    "tar-uz-tm-truck-2025-20t": dict(charge="border", countries="UZ", basis="truck", why="Turkmen trucks only; carriers by flag are not modelled"),
    "tar-uz-tm-truck-2025-99t": dict(charge="border", countries="UZ", basis="truck", why="Turkmen trucks only; carriers by flag are not modelled"),
    "tar-uz-ir-truck-2025": dict(charge="border", countries="UZ", basis="truck", why="a fee of nothing; carriers by flag are not modelled"),
    "tar-ir-full-tank": dict(charge="border", countries="IR", basis="truck", why="amount not published"),
    "tar-ir-tr-transit-2014": dict(charge="border", countries="IR", basis="truck", why="peak of a dispute of 2014"),
    "tar-road-almaty-tehran-est": dict(charge="through", from_node_id="kz-almaty-city", to_node_id="ir-tehran-city",
        why="a sum of the rates per km, kept as a check"),
    "tar-wagon-hire-est": dict(use="rate", charge="wagon", countries="KZ;TM;UZ;RU;KG;TJ;AZ;GE;AF", cargo_classes=WAGON_GOODS + ";roro",
        group="wagon-hire", name="Wagon hire", why="told for Kazakhstan, taken for the whole 1520 mm area; in Iran, Turkey, Pakistan "
        "and China the wagon is in the rate"),
    "tar-truck-wait-est": dict(charge="wagon", why="waiting is inside the CAREC total per truck"),
    "tar-vessel-demurrage-est": dict(charge="freight", why="waiting of ships is inside the freight per tonne"),
    "tar-asco-alat-kuryk-truck": dict(use="rate", charge="freight", from_node_id="az-alat-port", to_node_id="kz-kuryk-port", both_ways="false",
        cargo_classes="roro", group="freight", priority="20", name="Ferry Alat - Kuryk, truck of 16.5 m", currency="USD"),
    "tar-asco-kuryk-alat-truck": dict(use="rate", charge="freight", from_node_id="kz-kuryk-port", to_node_id="az-alat-port", both_ways="false",
        cargo_classes="roro", group="freight", priority="20", name="Ferry Kuryk - Alat, truck of 16.5 m", currency="USD"),
    "tar-asco-alat-tkm-truck": dict(use="rate", charge="freight", from_node_id="az-alat-port", to_node_id="tm-turkmenbashi-port", both_ways="true",
        cargo_classes="roro", group="freight", priority="20", name="Ferry Alat - Turkmenbashi, truck of 16.5 m", currency="USD"),
    "tar-asco-alat-tkm-20": dict(use="rate", charge="freight", from_node_id="az-alat-port", to_node_id="tm-turkmenbashi-port", both_ways="true",
        cargo_classes=BOXES, feet="20", group="freight", priority="15", name="Ferry Alat - Turkmenbashi, 20 ft"),
    "tar-asco-alat-tkm-40": dict(use="rate", charge="freight", from_node_id="az-alat-port", to_node_id="tm-turkmenbashi-port", both_ways="true",
        cargo_classes=BOXES, feet="40", group="freight", priority="15", name="Ferry Alat - Turkmenbashi, 40 ft"),
    "tar-asco-alat-kuryk-20": dict(use="rate", charge="freight", from_node_id="az-alat-port", to_node_id="kz-kuryk-port", both_ways="true",
        cargo_classes=BOXES, feet="20", group="freight", priority="15", name="Ferry Alat - Kuryk, 20 ft"),
    "tar-asco-alat-kuryk-40": dict(use="rate", charge="freight", from_node_id="az-alat-port", to_node_id="kz-kuryk-port", both_ways="true",
        cargo_classes=BOXES, feet="40", group="freight", priority="15", name="Ferry Alat - Kuryk, 40 ft"),
    "tar-asco-wagon-tkm-oil": dict(charge="freight", from_node_id="az-alat-port", to_node_id="tm-turkmenbashi-port",
        basis="wagon", why="per tonne in tar-ferry-oil-tkm"),
    "tar-asco-wagon-kuryk-oil": dict(charge="freight", from_node_id="az-alat-port", to_node_id="kz-kuryk-port",
        basis="wagon", why="per tonne in tar-ferry-oil-kuryk"),
    "tar-kuryk-iran-roro-2024": dict(charge="freight", why="the same figure stands on the two lanes (tar-sea-kuryk-...)", currency="USD"),
    "tar-sea-aktau-nip-est": dict(charge="freight", why="the same figure stands on the lane (tar-sea-aktau-amirabad-tramp)"),
    "tar-sea-aktau-premium-2025": dict(charge="freight", why="inside the 33 USD of the lanes from Aktau"),
}

OTHER_CHARGE = {  # context rows by id prefix: charge and reason
    "tar-cispolicy-": ("haul", "superseded or a rule without a number"),
    "tar-kostanay-dostyk-": ("through", "old; for the ratio between wagon types"),
    "tar-cpmm-bcp-": ("border", "border fees stand in border.csv, or inside the CAREC rates per km"),
    "tar-cpmm-road-": ("haul", "the total that the rates per truck km are made of, or another year of it"),
    "tar-cpmm-rail-": ("haul", "the total that the rates per tkm are made of, or another year of it"),
    "tar-thc-": ("terminal", "handling is priced in operation.csv"),
    "tar-port-": ("terminal", "handling is priced in operation.csv"),
    "tar-kz-zhetygen": ("terminal", "handling is priced in operation.csv"),
    "tar-gauge-": ("terminal", "priced in gauge_change.csv"),
    "tar-visa-": ("other", "visa fees stand in visa.csv"),
    "tar-vot-": ("other", "value of time, used in commodity.csv"),
    "tar-inventory-": ("other", "value of time, used in commodity.csv"),
    "tar-sea-astr-": ("freight", "spot market of one week; the lanes carry the rate of October 2021"),
    "tar-fob-": ("other", "price of the goods, not of carriage"),
    "tar-asco-": ("freight", "return ticket, empty wagon, deck cargo or the wagon that the rate per tonne is made of"),
    "tar-interrail-": ("through", "offer of 2020 over several modes, a check"),
    "tar-quote-": ("through", "single quote over several modes, a check"),
    "tar-instc-": ("through", "expectation of a carrier, a check"),
    "tar-tdy-2017-": ("haul", "superseded; the column is inferred"),
    "tar-rai-2012-": ("haul", "domestic, superseded"),
    "tar-rai-2025-": ("haul", "the road rate that it multiplies is not at hand"),
}

COUNTRY = {"KZ", "TM", "IR", "UZ", "CN", "GE", "RU"}
MODE = {"port": "any"}


def from_raw(raw):
    """One published row as a row of the package."""
    rid = raw["id"]
    hand = dict(RAW.get(rid, {}))
    charge, why = next((v for k, v in OTHER_CHARGE.items() if rid.startswith(k)), ("other", ""))
    if rid.startswith("tar-kz-dtj-"):
        suffix = rid.rsplit("-", 1)[1]
        t = next(t for t in TRACK if t[0] == suffix)
        hand = dict(use="rate", charge="haul", countries="KZ", traffic="export", cargo_classes=t[2], hs_prefixes=t[3], group="haul-rail",
                    priority=str(t[5]), name=f"Kazakh track tariff 2023: {t[1]}", price=raw["price_original"], currency="KZT")
    row = {c: "" for c in COLUMNS}
    row.update(tariff_id=rid, use="context", charge=charge, mode=MODE.get(raw["mode"], raw["mode"]), basis=BASIS[raw["basis"]],
               cargo_classes=raw["cargo_class"], distance_from_km=raw["distance_from_km"], distance_to_km=raw["distance_to_km"],
               valid_from=raw["valid_from"], valid_to=raw["valid_to"], conditions=raw["conditions"], quality=raw["quality"],
               source_id=raw["source_id"])
    codes = raw["country_or_lane"].split(";")
    if all(c in COUNTRY for c in codes):
        row["countries"] = raw["country_or_lane"]
    if row["basis"] in ("coefficient", "pct_per_day", "pct_per_year"):
        row["price"] = raw["price_original"]
    elif raw["price_usd"]:
        row["price"], row["currency"] = raw["price_usd"], "USD"
    row["name"] = name_of(raw)
    hand_measure = hand.pop("measure", "")
    why = hand.pop("why", why if row["use"] == "context" and "use" not in hand else "")
    row.update(hand)
    note = [raw["note"]] if raw["note"] else []
    if raw["currency_original"] not in ("", "USD") and row["currency"] == "USD" and raw["price_original"]:
        note.append(f"published as {raw['price_original']} {raw['currency_original']}")
    elif raw["price_original"] not in ("", raw["price_usd"]) and row["currency"] == "USD":
        note.append(f"published as {raw['price_original']}")
    if raw["basis"] == "usd_per_500km_20t":
        note.append("basis: the total for 20 t over 500 km")
    if raw["country_or_lane"] and not row["countries"] and row["use"] == "context":
        note.append(f"place as published: {raw['country_or_lane']}")
    if why:
        note.append(("not computed with: " if row["use"] == "context" else "") + why)
    row["note"] = "; ".join(note)
    return row, hand_measure


SHORT = {"cpmm": "CAREC", "tdy": "TDY", "ett": "ETT", "cispolicy": "CIS policy", "rai": "RAI", "ktz": "KTZ", "thc": "THC", "asco": "ASCO",
         "tm": "TM", "uz": "UZ", "kz": "KZ", "ir": "IR", "prc": "CN", "bcp": "border", "vot": "value of time", "fob": "FOB", "vkm": "per truck km",
         "tkm": "per tkm", "est": "(estimate)", "nip": "North Iran", "astr": "Astrakhan", "kaz": "KZ", "uzb": "UZ", "geo": "GE", "20": "20 ft",
         "40": "40 ft", "instc": "North - South corridor", "zjg": "Zhangjiagang", "concor": "Concor", "shahidrajaee": "Shahid Rajaee", "irsouth": "southern Iran",
         "irnorth": "northern Iran", "cont": "container", "disc": "discount", "bandarabbas": "Bandar Abbas", "hummels": "Hummels",
         "schaur": "Schaur"} | {w: w.title() for w in "aktau kuryk alat farap sarakhs turkmenbashi kostanay dostyk chabahar amirabad iran pakistan turkey zhetygen pavlodar almaty tehran".split()}


def name_of(raw):
    """Name of a row without one of its own: its id in words and the first words of its conditions."""
    short = dict(SHORT, tkm="Turkmenbashi" if "asco" in raw["id"] else "TM" if "-tkm-20" in raw["id"] else SHORT["tkm"])
    words = " ".join(short.get(w, w) for w in raw["id"][4:].split("-"))
    text = raw["conditions"].split(";")[0].split(",")[0].split(":")[0].split(" (")[0].strip()
    if text.startswith("same") or len(text) > 60:
        text = ""
    return words[0].upper() + words[1:] + (f" ({text})" if text else "")


def row(tid, name, **kw):
    r = {c: "" for c in COLUMNS}
    r.update(tariff_id=tid, name=name, use="rate", quality="estimated", source_id="rule-method-keruen")
    for k, v in kw.items():
        r[k] = v if isinstance(v, str) else f"{v:g}"
    return r


def rail_rows():
    out = []
    for suffix, name, cls, hs, usd, prio in TRACK:
        out.append(row(f"tar-kz-track-{suffix}-held", f"Kazakh track tariff: {name}", charge="haul", mode="rail", countries="KZ",
                       cargo_classes=cls, hs_prefixes=hs, basis="tkm", price=usd, currency="USD", group="haul-rail", priority=prio - 15,
                       source_id="tariff-railagent-dtj-2023",
                       note="dollar value of tar-kz-dtj-2023-%s held for later years and taken for every kind of traffic; private line as a proxy "
                            "of the trunk tariff; track only" % suffix))
        out.append(row(f"tar-kz-traction-{suffix}", f"Kazakh traction: {name}", charge="haul", mode="rail", countries="KZ",
                       cargo_classes=cls, hs_prefixes=hs, basis="tkm", price=round(usd / 2, 6), currency="USD", group="traction-rail",
                       priority=prio,
                       note="half of the track rate (%g) on top for traction" % usd))
    proxy = "Kazakh track rate plus half for traction (%g x 1.5), no national rate found"
    for cls, usd in (("grain_bulk", 0.009), ("oil_bulk", 0.011), ("metal", 0.021), ("general", 0.0117)):
        out.append(row(f"tar-rail-proxy-{cls.replace('_', '-')}", f"Rail, 1520 mm area and China: {cls.replace('_', ' ')}", charge="haul",
                       mode="rail", countries="RU;UZ;KG;TJ;AF;AZ;GE;CN", cargo_classes=cls, basis="tkm", price=round(usd * 1.5, 6),
                       currency="USD", group="haul-rail", priority=0, note=proxy % usd))
    out.append(row("tar-tm-wagon-est", "Rail, Turkmenistan, full rate", charge="haul", mode="rail", countries="TM", cargo_classes=WAGON_GOODS,
                   basis="tkm", price=0.0425, currency="USD", group="haul-rail", priority=0,
                   note="no Turkmen table in money was found; 15 USD/t over 706 km Serhetyaka - Akyayla (build-up of the corridor price) is what "
                        "is paid with the coefficient 0.50 for Akyayla, so the full rate is 15 / 706 / 0.50; the coefficients of "
                        "tariff.csv multiply this row"))
    out.append(row("tar-ir-wagon-est", "Rail, Iran, bulk and wagon goods", charge="haul", mode="rail", countries="IR;TR;PK",
                   cargo_classes=WAGON_GOODS, basis="tkm", price=0.0246, currency="USD", group="haul-rail", priority=0,
                   source_id="tariff-ahvaz-2021",
                   note="sulphur transit of 2021 (35 CHF over 1567 km Sarakhs - Rajaee port at 1.10) taken for all wagon goods, all traffic and "
                        "later years, and for Turkey and Pakistan; RAI wagon included"))
    for suffix, feet, basis, usd, kw in (("teu-light", 20, "teu_km", 0.15, dict(unit_t_to=24, priority=24)),
                                         ("teu-heavy", 20, "teu_km", 0.18, dict(unit_t_from=24, priority=23)),
                                         ("feu", 40, "feu_km", 0.24, dict(priority=24))):
        kw2 = dict(kw)
        kw2["priority"] = 8 if suffix != "teu-heavy" else 7
        common = dict(charge="haul", mode="rail", cargo_classes=BOXES, feet=feet, basis=basis, price=usd, currency="USD", group="haul-rail",
                      source_id="tariff-arfc-2022" if feet == 40 else "tariff-interfax-2022")
        out.append((row(f"tar-kti-{suffix}-held", f"Container rail, rate of 2023 held, {feet} ft", countries="KZ;TM;IR", via_node_ids=KTI,
                        valid_from="2024-01-01", note="unified rate of 2023 held: no later rate was printed; infrastructure only, wagon, container "
                        "rent and terminal work come on top", **common, **kw), "m-sr-rail-branch-shift"))
        out.append(row(f"tar-ir-{suffix}-est", f"Container rail, Iran, {feet} ft", countries="IR",
                       note="the Iranian part of the unified rate of 2023 taken for every Iranian line and year", **common, **kw2))
    out.append(row("tar-cpmm-rail-prc-2023-tkm", "Rail, China, CAREC sample", charge="haul", mode="rail", countries="CN",
                   cargo_classes=BOXES + ";roro", basis="tkm", price=0.0612, currency="USD", group="haul-rail", priority=10,
                   valid_from="2023-01-01", valid_to="2023-12-31", carry_forward="true", quality="derived", source_id="dwell-cpmm-2023-prc",
                   note="612 USD for 20 t over 500 km, divided by 500 km x 20 t; border costs included"))
    out.append(row("tar-rail-any-box-est", "Rail, containers, any country", charge="haul", mode="rail", countries="any",
                   cargo_classes=BOXES + ";roro", basis="tkm", price=0.0804, currency="USD", group="haul-rail", priority=-20,
                   source_id="tariff-cpmm-2022-key", note="CAREC mean of 2022 for countries without a figure of their own (Russia, Turkey, Iran for roro)"))
    out.append(row("tar-rail-any-wagon-est", "Rail, wagon goods, any country", charge="haul", mode="rail", countries="any",
                   cargo_classes=WAGON_GOODS, basis="tkm", price=0.0246, currency="USD", group="haul-rail", priority=-20,
                   source_id="tariff-ahvaz-2021", note="the Iranian bulk rate for countries without a figure of their own"))
    out.append(row("tar-wagon-return-est", "Wagon hire for the empty way back", charge="wagon", mode="rail",
                   countries="KZ;TM;UZ;RU;KG;TJ;AZ;GE;AF", cargo_classes=WAGON_GOODS, basis="wagon_day", price=30, currency="USD",
                   group="wagon-return", valid_from="2024-01-01",
                   note="wagons of the corridor come back empty (4725 northbound wagons with 27 kt in the first quarter of 2020, "
                        "trade-nca-kti-2020), so each loaded day is paid twice; with 30 USD a day this is what the build-up of 16 USD/t for "
                        "wagons stands for"))
    out.append(row("tar-wagon-hire-flat-est", "Flat wagon hire", charge="wagon", mode="rail", countries="KZ;TM;IR", via_node_ids=KTI,
                   cargo_classes=BOXES, basis="wagon_day", price=30, currency="USD", group="wagon-hire", valid_from="2024-01-01",
                   note="the hire of a covered wagon taken for a flat one; only on the way by Bolashak, where the container rate leaves wagons "
                        "out; container rent is not published and left out"))
    return out


def road_rows():
    out = []
    for c, usd, year, src in (("KZ", 1493, 2022, "road-cpmm-2022-kaz"), ("TM", 591, 2023, "road-cpmm-2023-tkm"),
                              ("UZ", 568, 2023, "dwell-cpmm-2023-uzb"), ("GE", 1371, 2023, "dwell-cpmm-2023-geo"),
                              ("CN", 2042, 2023, "dwell-cpmm-2023-prc")):
        out.append(row(f"tar-road-{c.lower()}-{year}-vkm", f"Road, {c}, CAREC sample", charge="haul", mode="road", countries=c,
                       basis="truck_km", price=usd / 500, currency="USD", group="haul-road", priority=10, valid_from=f"{year}-01-01",
                       valid_to=f"{year}-12-31", carry_forward="true", quality="derived", source_id=src,
                       note=f"{usd} USD for 20 t over 500 km, divided by 500; border costs and informal payments are inside, so border fees on top "
                            "count twice"))
    out.append(row("tar-road-carec-2022-vkm", "Road, CAREC mean", charge="haul", mode="road", countries="AF;AZ;CN;GE;KG;KZ;MN;PK;TJ;TM;UZ",
                   basis="truck_km", price=1.89, currency="USD", group="haul-road", priority=5, valid_from="2022-01-01", valid_to="2022-12-31",
                   carry_forward="true", quality="derived", source_id="tariff-cpmm-2022-road", note="945 USD for 20 t over 500 km, divided by 500"))
    out.append(row("tar-road-any-est", "Road, any country", charge="haul", mode="road", countries="any", basis="truck_km", price=1.89,
                   currency="USD", group="haul-road", priority=-20, source_id="tariff-cpmm-2022-road",
                   note="CAREC mean of 2022 for countries without a figure (Iran, Russia, Turkey, Armenia, Iraq); domestic Iranian rates are lower"))
    return out


def fit(points):
    """Least squares line price = a + b km through (km, price)."""
    n = len(points)
    mx, my = sum(p[0] for p in points) / n, sum(p[1] for p in points) / n
    b = sum((x - mx) * (y - my) for x, y in points) / sum((x - mx) ** 2 for x, _ in points)
    return my - b * mx, b


def place(port):
    """in-nhava-sheva-port -> Nhava Sheva"""
    return port[3:].removesuffix("-port").replace("-", " ").title()


CASPIAN = ("aktau", "kuryk", "turkmenbashi", "garabogaz", "astrakhan", "olya", "makhachkala", "alat", "bautino", "anzali")


def sea_rows(links, node):
    """Freight of every lane: told, or read off a line through the lanes of the same kind that have a rate."""
    kind_of = {"tramp": ("t", WAGON_GOODS), "rail_ferry": ("t", WAGON_GOODS + ";roro"), "liner": ("teu", BOXES), "roro_ferry": ("truck", "roro")}
    pools = {}
    for l in links:
        sea = "caspian" if l["id"].split("-")[1] in CASPIAN else "ocean"
        l["pool"] = (l["service_kind"], sea)
        if l["freight_rate_usd"]:
            pools.setdefault(l["pool"], []).append((float(l["distance_km"]), float(l["freight_rate_usd"])))
    out = []
    for l in links:
        basis, classes = kind_of[l["service_kind"]]
        km = float(l["distance_km"])
        kw = dict(charge="freight", mode="sea", from_node_id=node(l["from_id"]), to_node_id=node(l["to_id"]), both_ways="true",
                  cargo_classes=classes, basis=basis, currency="USD", group="freight")
        name = f"Sea freight {place(l['from_id'])} - {place(l['to_id'])}, {l['service_kind'].replace('_', ' ')}"
        if l["freight_rate_usd"]:
            rate_note = l["note"].split("apart);")[-1].strip()
            src = {"roro_ferry": "rate-asco-roro", "rail_ferry": "rate-asco-wagon"}.get(l["service_kind"], l["source_id"])
            if "anzali-roro" in l["id"] or "amirabad-roro" in l["id"]:
                src = "rate-kuryk-iran-2024"
            elif "turkmenbashi" in l["id"] and l["service_kind"] == "roro_ferry":
                src = "sea-ayauk-2023-fare"
            elif "astrakhan" in l["id"] and l["rate_quality"] == "published":
                src = "sea-sealines-2021w40"
            elif "shanghai" in l["id"] or "ningbo" in l["id"]:
                src = "sea-zcqtz-2024-rates" if "rajaee" in l["id"] else "sea-est-own"
            elif l["rate_quality"] == "estimated":
                src = "sea-est-own"
            elif l["service_kind"] == "liner" and l["rate_quality"] == "derived":
                src = "rate-asco-roro"
            out.append(row("tar-" + l["id"], name, price=float(l["freight_rate_usd"]), quality=l["rate_quality"], source_id=src,
                           priority=10, note=rate_note, **kw))
        else:
            pool = pools.get(l["pool"]) or pools[(l["service_kind"], "caspian")]
            a, b = fit(pool) if len(pool) > 2 else (0.0, sum(p for _, p in pool) / sum(k for k, _ in pool))
            price = max(a + b * km, min(p for _, p in pool) * 0.5)
            out.append(row("tar-" + l["id"], name, price=round(price, 1 if basis == "t" else -1), source_id="sea-est-own", priority=5,
                           note="no rate told: line through the %d lanes of this kind that have one (%.4g + %.4g x km)" % (len(pool), a, b), **kw))
    for what, km, usd, port, src in (("tkm", 340, 884, "tm-turkmenbashi-port", "Turkmenbashi"), ("kuryk", 485, 1053, "kz-kuryk-port", "Kuryk")):
        out.append(row(f"tar-ferry-oil-{what}", f"Rail ferry Alat - {src}, oil", charge="freight", mode="sea", from_node_id="az-alat-port",
                       to_node_id=port, both_ways="true", cargo_classes="oil_bulk", basis="t", price=round(usd / 60, 1), currency="USD",
                       group="freight", priority=12, quality="derived", source_id="rate-asco-wagon",
                       note=f"{usd} USD a loaded tank wagon of 13 m over 60 t"))
    for port in ("shanghai", "ningbo"):
        out.append(row(f"tar-sea-rajaee-{port}-40", f"Sea freight Shahid Rajaee - {port.title()}, 40 ft", charge="freight", mode="sea",
                       from_node_id="ir-shahid-rajaee-port", to_node_id=f"cn-{port}-port", both_ways="true", cargo_classes=BOXES, feet=40,
                       basis="container", price=3130, currency="USD", group="freight", priority=15,
                       quality="published" if port == "shanghai" else "derived", source_id="sea-zcqtz-2024-rates",
                       note="October 2024" + ("" if port == "shanghai" else "; taken equal to Shanghai")))
    t, teu, truck = (sorted(p / k for k, p in sum((v for key, v in pools.items() if key[0] in kinds), []))
                     for kinds in (("tramp",), ("liner",), ("roro_ferry",)))
    mid = lambda v: v[len(v) // 2]
    any_note = "median of price over km of the lanes that have a rate, for goods that no row of the lane names"
    out.append(row("tar-sea-any-t-est", "Sea freight, any lane, per tonne", charge="freight", mode="sea", cargo_classes=WAGON_GOODS, basis="tkm",
                   price=round(mid(t), 4), currency="USD", group="freight", priority=-20, source_id="sea-est-own", note=any_note))
    out.append(row("tar-sea-any-teu-est", "Sea freight, any lane, per TEU", charge="freight", mode="sea", cargo_classes=BOXES, basis="teu_km",
                   price=round(mid(teu), 3), currency="USD", group="freight", priority=-20, source_id="sea-est-own", note=any_note))
    out.append(row("tar-sea-any-truck-est", "Sea freight, any lane, per truck", charge="freight", mode="sea", cargo_classes="roro", basis="truck_km",
                   price=round(mid(truck), 2), currency="USD", group="freight", priority=-20, source_id="sea-est-own", note=any_note))
    return out


def build(raw_tariff, sea_links, node):
    """Rows of the base table, and rows that measures add: {measure id: [rows]}."""
    base, moved = [], {}
    made = [from_raw(r) for r in raw_tariff]
    made += [r if isinstance(r, tuple) else (r, "") for r in rail_rows() + road_rows() + sea_rows(sea_links, node)]
    for r, measure in made:
        if measure:
            moved.setdefault(measure, []).append(r)
        else:
            base.append(r)
    return base, moved
