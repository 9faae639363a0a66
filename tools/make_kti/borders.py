# SPDX-License-Identifier: Apache-2.0
"""border.csv and gauge_change.csv.

A border belongs to the link that crosses it, one row for each direction. Where the published stay
holds the change of gauge as well, it is split here: border + gauge change = the published figures.
"""

import re

import kti_tables as kt
import links as link_tables

TRIPLET = ("dwell_low_h", "dwell_typical_h", "dwell_high_h")

# Rail crossings whose stay holds a change of gauge, by the direction that leaves the first station:
# border part (low, typical, high), gauge part, and the same for the way back. The sums are the raw row's
# figures, or those of the direction where the note of the raw row tells them.
RAIL_SPLIT = {
    "akyayla-incheh-borun": dict(out=((5, 20, 72), (5, 16, 48)), back=((5, 20, 72), (5, 16, 48))),
    "serakhs-sarakhs": dict(out=((10, 32, 120), (7, 16, 48)), back=((10, 32, 120), (7, 16, 48))),
    "altynkol-khorgos": dict(out=((5, 13.1, 36.5), (4, 10, 24)), back=((19.1, 73.7, 96.5), (4, 10, 24))),
    "dostyk-alashankou": dict(out=((2.25, 13.1, 36.5), (2, 10, 24)), back=((2.25, 73.7, 182), (2, 10, 24))),
    "akhalkalaki-kars": dict(out=((4, 12, 48), (4, 12, 48)), back=((4, 12, 48), (4, 12, 48))),
}
ASTARA = ((3, 12, 60), (3, 12, 36))     # border; handling from wagon to truck (see operation.csv)

RAIL_SPLIT_NOTE = {
    "altynkol-khorgos": ("KZ to CN 23.1 h = Kazakh outbound 6.8 (2022) + Chinese inbound 16.3 (2023), low and high "
                         "estimated; CN to KZ 83.7 (23.1-120.5) as told"),
    "dostyk-alashankou": ("KZ to CN 23.1 h (2023), 60.5 h in 2022 taken as high, 4.25 h processing as low; "
                          "CN to KZ 83.7 (4.25-206) as told"),
}

RAIL_FEE_NOTE = "charges of the crossing are part of the rates in tariff.csv"
EAEU = {"KZ", "RU", "KG", "AM", "BY"}

RAIL_CAPACITY = {  # crossing -> column, figure for each direction, base value and measure, words
    "bolashak-serhetyaka": dict(trains_per_day=5),
    "akyayla-incheh-borun": dict(wagons_per_day=50),
    "serakhs-sarakhs": dict(wagons_per_day=100),
    "saryagash-keles": dict(trains_per_day=30),
    "altynkol-khorgos": dict(trains_per_day=20),
    "dostyk-alashankou": dict(trains_per_day=14, wagons_per_day=800),
    "razi-kapikoy": dict(wagons_per_day=37),
    "galaba-hairatan": dict(wagons_per_day=40),
}
RAIL_CAPACITY_NOTE = {
    "serakhs-sarakhs": "wagons a day: half of the 200 reached in 2022, which measure m-tm-rail-mou-2021 brought",
    "razi-kapikoy": "wagons a day: half of 74, taken as both ways",
    "altynkol-khorgos": "trains a day: 19-20 told",
    "galaba-hairatan": "wagons a day: 35-40 told in 2009",
}

# Road: raw id -> figures by direction where the note tells them (typical hours, fee, words);
# first entry leaves from_id, second the way back. None = the raw figure.
ROAD_DIRECTION = {
    "border-kz-temirbaba-bcp-tm-garabogaz-bcp": (
        (9.4, 19, "published halves 3.9 + 5.5; fee: Kazakh outbound half of 19 USD (2022), the Turkmen fees stand in tariff.csv"),
        (39.2, "", "Turkmen outbound mean 34.6 h (2022) + Kazakh inbound mean 4.6 h (2022, road-cpmm-2022-kaz)")),
    "border-kz-tazhen-bcp-uz-dautata-bcp": (
        (8.3, 72, "3.9 + 4.4"), (9.5, None, "Uzbek outbound mean 4.9 h (2023) + Kazakh inbound 4.6 h (2022)")),
    "border-kz-konysbaeva-bcp-uz-yallama-bcp": (
        (8.3, 72, "3.9 + 4.4"), (9.5, None, "Uzbek outbound mean 4.9 h (2023) + Kazakh inbound 4.6 h (2022)")),
    "border-uz-alat-bcp-tm-farap-bcp": (
        (9.4, 100, "3.9 + 5.5; fee: Amu Darya bridge only, the Turkmen fees stand in tariff.csv"),
        (36.3, 100, "Turkmen outbound mean 34.6 h (2022) + 1.7 h northbound at Alat; fee: Amu Darya bridge")),
    "border-uz-shavat-bcp-tm-dashoguz-bcp": (
        (10.4, "", "4.9 + 5.5; the Turkmen fees stand in tariff.csv"), (39.0, "", "Turkmen outbound mean 34.6 h (2022) + Uzbek inbound mean 4.4 h (2023)")),
    "border-tm-serhetabat-bcp-af-torghundi-bcp": (
        (54.1, 240, "Turkmen outbound mean 34.6 h (2022) + Afghan mean 19.5 h (2020); fee: Afghan half only, the Turkmen fees "
         "stand in tariff.csv"),
        (25.0, 240, "northbound 19.5 + 5.5; fee: Afghan half only")),
    "border-kz-nurzhol-bcp-cn-khorgos-bcp": (
        (6.0, 285, "Kazakhstan to China 3.9 + 2.1"), (56.0, 862, "China to Kazakhstan 51.4 + 4.6")),
    "border-uz-ayritom-bcp-af-hairatan-bcp": (
        (24.4, 289, "4.9 + 19.5"), (23.9, 293, "Afghan mean 19.5 h, 240 USD (2020) + Uzbek inbound 4.4 h, 53 USD (2023)")),
    "border-uz-sariosiyo-bcp-tj-dusti-bcp": (
        (7.1, 128, "4.9 + 2.2"), (8.2, 90, "3.8 + 4.4")),
    "border-az-redbridge-bcp-ge-redbridge-bcp": (
        (6.0, 160, "4.4 + 1.6"), (59.0, 190, "54.9 + 4.1")),
}
ROAD_HIGH = {  # told bad spells taken as P90
    "border-ir-bazargan-bcp-tr-gurbulak-bcp": (64, "64 h of August 2021"),
    "border-kz-kurmangazy-bcp-ru-karauzek-bcp": (48, "two days of November 2024"),
    "border-kz-syrym-bcp-ru-mashtakovo-bcp": (16, "16 h told"),
    "border-kz-kairak-bcp-ru-bugristoe-bcp": (7, "7 h of December 2025"),
    "border-kz-zhaisan-bcp-ru-sagarchin-bcp": (7, "six to seven hours told"),
    "border-tm-artyk-bcp-ir-lotfabad-bcp": (144, "about six days of October 2025"),
}
ROAD_TRUCKS = {  # trucks a day in each direction
    "border-tm-artyk-bcp-ir-lotfabad-bcp": (180, "half of 360 a day both ways"),
    "border-tm-akyayla-bcp-ir-incheborun-bcp": (55, "half of the middle of 80-140 a day before 2020"),
    "border-ir-astara-bcp-az-astara-bcp": (187, "half of the 350-400 a day agreed in December 2025"),
    "border-ir-bazargan-bcp-tr-gurbulak-bcp": (300, "half of 600 a day"),
    "border-kz-kurmangazy-bcp-ru-karauzek-bcp": (200, "about 200 a day"),
    "border-kz-syrym-bcp-ru-mashtakovo-bcp": (250, "half of the electronic queue of up to 500 a day"),
    "border-kz-kairak-bcp-ru-bugristoe-bcp": (310, "310-320 in and 300-310 out a day"),
}
ROAD_CALENDAR = {"border-tm-artyk-bcp-ir-lotfabad-bcp": "lotfabad-gate"}
ROAD_LOW_FACTOR, ROAD_HIGH_FACTOR = 0.4, 2.5


def agencies(mode, a, b):
    if {a, b} <= EAEU:
        return "transport, plant health and border guards; no customs inside the Eurasian Economic Union"
    if mode == "rail":
        return (f"railway handover, border guards, customs, plant and animal health of {a}, then the same of {b}")
    return f"border guards, customs, transport, plant and animal health of {a}, then of {b}"


def make_rail(raw, package, places, rail, handover):
    by_pair = {frozenset((v["from_node_id"], v["to_node_id"])): v for v in rail.values()}
    done = set()
    for row in kt.read(raw, "corridor/border_crossing_rail.csv"):
        a, b = places.id(row["from_station_id"]), places.id(row["to_station_id"])
        link = by_pair[frozenset((a, b))]
        ca, cb = places.country(a), places.country(b)
        if ca == cb:                    # Zahedan - Mirjaveh lies inside Iran: a change of gauge only
            continue
        done.add(link["link_id"])
        split = RAIL_SPLIT.get(row["id"])
        for leaving, entering, way in ((ca, cb, "out"), (cb, ca, "back")):
            told = tuple(float(row[f"dwell_hours_{k}"]) for k in ("low", "typical", "high"))
            note, estimated, quality = row["note"], [], row["quality"]
            if split:
                told, gauge = split[way]
                note = kt.join(note, RAIL_SPLIT_NOTE.get(row["id"], ""),
                               "the told stay holds the change of gauge; the split "
                               f"{told[1]:g} h border + {gauge[1]:g} h gauge is an estimate, the sums are kept")
                estimated = list(TRIPLET)
            elif row["id"] == "astara-astara":
                told = ASTARA[0]
                note = kt.join(note, "the told stay holds the handling from wagon to truck; the split "
                                     "12 h border + 12 h handling is an estimate, the sums are kept")
                estimated = list(TRIPLET)
            elif way == "back" and quality == "derived":
                note = kt.join(note, "this direction is not measured: the figures of the other one stand in")
                estimated = list(TRIPLET)
            else:
                estimated = ["dwell_low_h", "dwell_high_h"]
            capacity = RAIL_CAPACITY.get(row["id"], {})
            border_id = f"b-{row['id']}-{leaving.lower()}-{entering.lower()}"
            if row["id"] == "serakhs-sarakhs":
                handover.append(("border", border_id, "wagons_per_day", "100", "200", "m-tm-rail-mou-2021"))
                estimated.append("wagons_per_day")
            package.add("BORDER", border_id=border_id, crossing=row["name"],
                        link_id=link["link_id"], from_country=leaving, to_country=entering,
                        **{k: kt.number(v) for k, v in zip(TRIPLET, told)}, agencies=agencies("rail", leaving, entering),
                        quality=quality, source_id=row["source_id"],
                        estimated_fields=";".join(dict.fromkeys(estimated)),
                        note=kt.join(note, f"capacity told: {row['capacity']}" if row["capacity"] else "",
                                     RAIL_CAPACITY_NOTE.get(row["id"], ""),
                                     f"hours told: {row['working_hours']}" if row["working_hours"] else "", RAIL_FEE_NOTE),
                        **capacity)
    crossing = {v["link_id"] for v in rail.values() if ";" in v["kr_country"]}
    assert crossing == done, crossing ^ done


def make_road(package, places, roads):
    for row, link_id, a, b in roads:
        ca, cb = places.country(a), places.country(b)
        assert (ca != cb) == (row["border"] == "1"), link_id
        if ca == cb:
            continue
        directions = ROAD_DIRECTION.get(row["id"], (None, None))
        for (leaving, entering), told in (((ca, cb), directions[0]), ((cb, ca), directions[1])):
            typical, fee = float(row["border_hours_typical"]), row["border_fee_usd"]
            estimated = ["dwell_low_h", "dwell_high_h"]
            words = ""
            if told:
                typical = told[0]
                fee = fee if told[1] is None else told[1]
                words = f"this direction: {told[2]}"
                if told[1] is None:
                    estimated.append("fee_usd")
                    words += "; the fee of this direction is not told, that of the other one stands in"
            elif (leaving, entering) != (ca, cb) and row["quality"] != "estimated":
                estimated.append("dwell_typical_h")
                estimated.append("fee_usd")
                words = "this direction is not measured: the figures of the other one stand in"
            for field in row["estimated_fields"].split(";"):
                estimated += {"border_hours_typical": ["dwell_typical_h"], "border_fee_usd": ["fee_usd"]}.get(field, [])
            high, high_words = typical * ROAD_HIGH_FACTOR, "2.5 times typical"
            if row["id"] in ROAD_HIGH:
                high, high_words = ROAD_HIGH[row["id"]]
            trucks = ROAD_TRUCKS.get(row["id"], ("", ""))
            if trucks[1]:
                estimated.append("trucks_per_day")
            country = f"-{leaving.lower()}-{entering.lower()}"
            package.add("BORDER", border_id="b-" + row["id"].removeprefix("border-") + country,
                        crossing=f"{places.nodes[a]['name']} - {places.nodes[b]['name']}", link_id=link_id,
                        from_country=leaving, to_country=entering,
                        **{k: kt.number(round(v, 2)) for k, v in zip(TRIPLET, (typical * ROAD_LOW_FACTOR, typical, high))},
                        fee_usd=fee, fee_basis="truck" if fee != "" else "", trucks_per_day=trucks[0],
                        agencies=agencies("road", leaving, entering),
                        calendar_id=ROAD_CALENDAR.get(row["id"], ""), quality=row["quality"],
                        source_id=row["source_id"], estimated_fields=";".join(dict.fromkeys(estimated)),
                        note=kt.join(row["note"], words,
                                     f"typical is a mean of a sample where told (the median lies lower); low 0.4 times "
                                     f"typical, high {high_words}: estimates",
                                     f"trucks a day: {trucks[1]}" if trucks[1] else ""))


BOGIE_USD, BULK_USD, BOX_USD = 329, 5, 60
# node -> raw crossing, gauges, methods, wagons a day, source, words
GAUGE = [
    ("ir-incheh-borun", "akyayla-incheh-borun", 1520, 1435, ("transhipment", "bogie_exchange"), 50, "rail-mehr-2022-wagons",
     "50 wagons a day in 2022 with room for 200, 40-65 reached in November 2022, 150 sought in 2025; on the Iranian side "
     "since the 1520 mm line was joined in March 2021 (rail-rame-2021); wheelsets or containers are changed at Etrek "
     "too (rail-orient-2022, rail-newsaz-2024), kept at one place here"),
    ("tm-akyayla", "akyayla-incheh-borun", 1520, 1435, ("transhipment", "bogie_exchange"), 50, "rail-mehr-2022-wagons",
     "state before March 2021, when 1435 mm ran to Akyayla and bogies were changed there; measure m-inche-reconnect-2021 "
     "takes these rows away"),
    ("ir-sarakhs", "serakhs-sarakhs", 1520, 1435, ("transhipment", "bogie_exchange"), 100, "rail-report-sarakhs",
     "200 wagons a day in 2022 by measure m-tm-rail-mou-2021 that doubled the exchange, so 100 here; 400 possible and sought"),
    ("kz-altynkol", "altynkol-khorgos", 1520, 1435, ("transhipment",), "", "rail-at-khorgos",
     "55 minutes to reload a container train of 45-50 wagons is published; 19-20 trains a day"),
    ("kz-dostyk", "dostyk-alashankou", 1520, 1435, ("transhipment", "bogie_exchange"), 800, "rail-silkroad-dostyk",
     "800 wagons a day handed over; 4 h 15 min train processing"),
    ("ge-akhalkalaki", "akhalkalaki-kars", 1520, 1435, ("transhipment", "bogie_exchange"), "", "rail-wiki-btk",
     "line of 6.5 Mt a year by design"),
    ("ir-zahedan", "zahedan-mirjaveh", 1435, 1676, ("transhipment",), "", "rail-isna-iti",
     "goods are moved between wagons, no bogie exchange; the stay of 72 h (24-240) told for Zahedan - Mirjaveh - Taftan is "
     "split 48 h gauge + 24 h border; the border part has no railway link here and is left out"),
]
ZAHEDAN_H = (16, 48, 160)


def make_gauge(raw, package, places, handover):
    for node, crossing, first, second, methods, wagons, source, words in GAUGE:
        split = RAIL_SPLIT.get(crossing)
        for a, b, way in ((first, second, "out"), (second, first, "back")):
            hours = split[way][1] if split else ZAHEDAN_H
            for method in methods:
                rows = [("", BULK_USD, "t", "tar-gauge-bulk-est: 3-8 USD/t at gauge breaks of the region")]
                if method == "transhipment":
                    rows.append(("container", BOX_USD, "container", "tar-gauge-container-est: 40-80 USD a lift"))
                    rows.append(("reefer", BOX_USD, "container", "as a container"))
                else:
                    rows = [("", BOGIE_USD, "wagon", "329 USD a shipment at Dostyk in 2020 (rail-cpmm-2020), read as a "
                             "wagon; a wagon charge of 322-342 USD is noted at Serakhs and Akyayla (rail-acwag)")]
                for cargo, cost, unit, price_words in rows:
                    ident = "gc-" + "-".join(str(p) for p in (node, a, b, method.split("_")[0], cargo) if p)
                    if node == "ir-sarakhs":
                        handover.append(("gauge_change", ident, "wagons_per_day", "100", "200", "m-tm-rail-mou-2021"))
                    if node == "tm-akyayla":
                        handover.append(("gauge_change", ident, "(whole row)", "present", "remove: true",
                                         "m-inche-reconnect-2021"))
                    package.add("GAUGE_CHANGE", gauge_change_id=ident, node_id=node, from_gauge_mm=a, to_gauge_mm=b,
                                method=method, cargo_class=cargo,
                                **{k: kt.number(v) for k, v in zip(("low_h", "typical_h", "high_h"), hours)},
                                wagons_per_day=wagons, cost_usd=cost, cost_unit=unit, quality="estimated",
                                source_id=source, estimated_fields="low_h;typical_h;high_h;cost_usd",
                                note=kt.join(words, "hours: share of the stay told for the crossing, the rest stands in "
                                                    "border.csv", "price: " + price_words))
