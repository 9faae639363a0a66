# SPDX-License-Identifier: Apache-2.0
"""Hand-written parts of the commercial tables: words, classes, units, conventions."""

KK = {  # Kazakh names of commodities
    "barley": "арпа", "wheat": "бидай (азықтық, 3-сынып)", "corn": "жүгері", "flour": "бидай ұны", "bran": "кебек",
    "flax": "зығыр тұқымы", "sunflower_seed": "күнбағыс тұқымы", "rapeseed": "рапс тұқымы", "lentils": "жасымық",
    "peas": "бұршақ", "oilcake": "күнжара", "sunflower_oil": "күнбағыс майы", "mutton": "қой еті", "livestock": "тірі қой",
    "hides_wool": "жүн және тері", "cotton": "мақта талшығы", "steel_flat": "жалпақ болат прокаты",
    "steel_long": "сұрыптық болат прокаты", "steel_billet": "болат дайындама", "sponge_iron": "тікелей тотықсыздандырылған темір",
    "iron_ore": "темір кені", "copper_cathode": "катодты мыс", "zinc": "мырыш", "aluminium": "алюминий", "alumina": "глинозем",
    "ferroalloys": "ферроқорытпалар", "scrap": "қара металл сынықтары", "sulphur": "күкірт", "diesel": "дизель отыны",
    "gasoline": "бензин", "fuel_oil": "мазут", "bitumen": "битум", "crude_oil": "шикі мұнай", "lpg": "сұйытылған газ",
    "urea": "карбамид", "potash": "калий хлориді", "phosphate_fert": "фосфор тыңайтқыштары", "coal": "көмір",
    "petcoke": "мұнай коксы", "cement": "цемент", "clinker": "клинкер", "gypsum": "гипс", "stone_tile": "тас, травертин",
    "tiles": "керамикалық тақта", "polymers": "полимерлер", "pulp": "сульфатты целлюлоза", "paper": "қағаз, картон",
    "timber": "кесілген ағаш материалдары", "pistachio": "пісте", "dates": "құрма", "dried_fruit": "мейіз, кептірілген жеміс",
    "citrus": "цитрус жемістері", "apples": "алма", "kiwi": "киви", "vegetables": "жаңа піскен көкөніс",
    "potato_onion": "картоп пен пияз", "saffron": "шафран", "tea": "шай", "rice": "күріш", "sugar": "қант",
    "confectionery": "кондитерлік өнімдер", "detergents": "жуғыш заттар", "carpets": "кілем", "textiles": "киім, тоқыма",
    "household": "тұрмыстық тауарлар мен техника", "electronics": "электроника", "machinery": "машиналар мен жабдық",
    "auto_parts": "автомобиль бөлшектері", "cars": "жеңіл автомобильдер", "pharma": "дәрі-дәрмек",
    "chemicals": "химиялық заттар", "container_mixed": "құрама контейнерлік жүк", "container_empty": "бос контейнер",
}

# id, name, ru, kk, fa, loading unit, wagon 1520, 1435, 1676, truck, emission group, note
CARGO_CLASS = [
    ("container", "Goods in containers", "грузы в контейнерах", "контейнердегі жүк", "بار کانتینری", "22G1",
     "wagon-1520-flat", "wagon-1435-flat", "wagon-1676-flat", "truck-container", "container",
     "tonnes without a unit are packed in 20-foot boxes: heavy goods of the corridor mostly are"),
    ("general", "General cargo", "генеральные грузы", "жалпы жүк", "کالای عمومی", "t",
     "wagon-1520-covered", "wagon-1435-covered", "wagon-1676-covered", "truck-curtain", "general",
     "also coal, ore, sulphur and cement: covered wagons stand for gondolas and cement hoppers"),
    ("grain_bulk", "Grain in bulk", "зерно насыпью", "үйме астық", "غله فله", "t",
     "wagon-1520-grain", "wagon-1435-grain", "wagon-1676-covered", "truck-grain", "bulk", ""),
    ("metal", "Metal", "металл", "металл", "فلزات", "t",
     "wagon-1520-platform", "wagon-1435-platform", "wagon-1676-gondola", "truck-flatbed", "bulk", ""),
    ("oil_bulk", "Liquids in tanks", "наливные грузы", "құйма жүк", "بار مایع فله", "t",
     "wagon-1520-tank", "wagon-1435-tank", "wagon-1676-tank", "truck-tank", "liquid", ""),
    ("reefer", "Refrigerated goods", "рефрижераторные грузы", "тоңазытылған жүк", "بار یخچالی", "45R1",
     "wagon-1520-flat", "wagon-1435-flat", "wagon-1676-flat", "truck-reefer", "container",
     "by rail in 40-foot reefer containers on flat wagons"),
    ("roro", "Trucks, trailers, cars", "грузовики, прицепы, автомобили", "жүк көліктері, тіркемелер, автокөлік",
     "کامیون، تریلر و خودرو", "truck", "wagon-1520-autorack", "wagon-1435-autorack", "wagon-1676-flat", "truck-curtain", "roro",
     "one unit is a trailer of 20 t on road and ferry"),
]

# unit, name, kind, class, teu, feet, tare, payload, volume, note
LOADING_UNIT = [
    ("t", "tonne, loose in wagon, truck or ship", "tonne", "", "", "", "", "1", "", "the unit of bulk"),
    ("22G1", "20-foot container, general purpose", "container", "container", "1", "20", "2.2", "28.2", "33.2",
     "gross 30.48 t less tare; tare 2.2 t as for the empty TEU of commodity.csv"),
    ("42G1", "40-foot container, general purpose", "container", "container", "2", "40", "3.8", "26.68", "67.7",
     "gross 30.48 t less tare; tare 3.8 t as for the empty FEU of commodity.csv"),
    ("45G1", "40-foot high-cube container", "container", "container", "2", "40", "3.9", "26.58", "76.3",
     "gross taken as 30.48 t, newer boxes carry 32.5 t"),
    ("22R1", "20-foot refrigerated container", "container", "reefer", "1", "20", "3", "27.48", "28.3", "gross 30.48 t less tare"),
    ("45R1", "40-foot high-cube refrigerated container", "container", "reefer", "2", "40", "4.6", "25.88", "67.5",
     "gross taken as 30.48 t, newer boxes carry 34 t"),
    ("truck", "trailer of 20 t, 16.5 m with tractor", "trailer", "roro", "0", "0", "15", "20", "86",
     "the truck of the CAREC sample (20 t) and of the ferry fares (16.5 m); tare of tractor and trailer and volume usual values"),
]

# currency, from, usd, source, quality, note
CURRENCY = [
    ("KZT", "2010-02-01", 23.94 / 3541, "tariff-idk-2010", "the pair 3541 KZT and 23.94 USD of the Kostanay - Dostyk rate"),
    ("KZT", "2023-01-01", 1 / 460, "tariff-railagent-dtj-2023", "about 460 KZT per USD"),
    ("KZT", "2024-09-01", 1 / 520, "tariff-eldala-subsidy", "about 520 KZT per USD"),
    ("CHF", "2017-01-01", 1.015, "rate-cispolicy-2017", "about 1.015 USD per CHF"),
    ("CHF", "2021-03-11", 1.10, "tariff-ahvaz-2021", "1.10 USD per CHF"),
    ("CHF", "2024-01-01", 1.13, "tariff-ett-24", "about 1.13 USD per CHF, level of 2024"),
    ("IRR", "2012-12-06", 1 / 12260, "rate-rai-access-2012", "official 12 260 rial per USD; the open market stood far above"),
    ("IRR", "2017-06-05", 1 / 32450, "rate-pmo-cont-storage", "about 32 450 rial per USD; rial tariffs have lost value in USD since"),
    ("EUR", "2018-07-02", 1.17, "measure-ft-electrif-2018", "about 1.17 USD per EUR"),
    ("EUR", "2020-01-01", 1.1, "rule-azxeber-nakh", "about 1.1 USD per EUR"),
]

SOURCES = [  # beside the raw ones
    ("iso-668-6346", "ISO 668 and ISO 6346: series 1 freight containers, ratings, size and type codes", "", "ISO", "2022",
     "type codes 22G1, 42G1, 45G1, 22R1, 45R1; gross 30.48 t; tares and volumes are usual values"),
]

# regime, mode, country, rank, from, document, quality, source, note
def _regime():
    out = []
    smgs = "the agreement text of 2016 lists the parties"
    for c in "KZ TM IR RU CN UZ AZ KG TJ GE".split():
        out.append(("SMGS", "rail", c, 10, "2016-07-01", "SMGS consignment note", "published", "rule-smgs-2016", smgs))
    out.append(("SMGS", "rail", "AF", 10, "2016-07-01", "SMGS consignment note", "estimated", "rule-smgs-2016",
                "membership from general knowledge of the list of parties, not checked again"))
    cim = "member of OTIF in the list of 2019"
    for c, note in (("TR", cim), ("IR", cim + "; also a party of SMGS, so both laws are open at the gauge break"),
                    ("RU", cim + ", for part of its lines"), ("AZ", cim + "; accession 2015 (rule-ivt-az-2015), also in SMGS"),
                    ("GE", cim), ("PK", cim)):
        q = "published" if c in ("TR", "IR", "RU", "AZ") else "estimated"
        if q == "estimated":
            note = "membership from general knowledge of the list of 2019, not checked again"
        out.append(("CIM", "rail", c, 20, "2015-05-01" if c == "AZ" else "", "CIM consignment note", q,
                    "rule-otif-members-2019", note))
    for c in "KZ TR".split():
        out.append(("CIM_SMGS", "rail", c, 30, "2022-06-16", "common CIM/SMGS consignment note", "published",
                    "rule-cit-cimsmgs-2022", "promoted for routes of AZ, GE, TR and KZ; use over Turkmenistan and Iran is not confirmed"))
    for c in "AZ GE".split():
        out.append(("CIM_SMGS", "rail", c, 30, "2022-06-16", "common CIM/SMGS consignment note", "published",
                    "rule-cit-cimsmgs-2022", "promoted for routes of AZ, GE, TR and KZ"))
    acc = {"KZ": "1995-07-17", "UZ": "1995-09-28", "TM": "1996-09-18", "IR": "1998-09-17", "TR": "1995-08-02",
           "AZ": "2006-09-18", "RU": "1983-09-02"}
    force = {"KZ": "1995-10-15", "UZ": "1995-12-27", "TM": "1996-12-17", "IR": "1998-12-16", "TR": "1995-10-31",
             "AZ": "2006-12-17", "RU": "1983-12-01"}
    for c in acc:
        out.append(("CMR", "road", c, 10, force[c], "CMR consignment note", "derived", "rule-un-cmr",
                    f"accession {acc[c]} (published), in force ninety days later"))
    for c in "IR KZ KG TJ TM UZ PK".split():
        src = "rule-customs-tm-2022" if c == "TM" else "rule-traceca-etir-2023"
        out.append(("TIR", "road", c, 20, "1996-01-01" if c == "TM" else "", "TIR carnet", "published", src,
                    "party of the TIR Convention 1975" + (", since 1996 (day not told)" if c == "TM" else "")))
    for c in "AZ GE".split():
        out.append(("TIR", "road", c, 20, "", "TIR carnet", "published", "rule-traceca-etir-2023",
                    "joined the eTIR system of UNECE by mid 2023, so a party of the convention"))
    out.append(("BL", "sea", "any", 10, "", "bill of lading", "estimated", "rule-method-keruen",
                "contract of carriage by sea; sea-river tramps sail under charter parties of GENCON type"))
    return out


REGIME = _regime()

IR_PORTS = ("ir-shahid-rajaee-port;ir-shahid-bahonar-port;ir-imam-khomeini-port;ir-bushehr-port;ir-chabahar-port;ir-amirabad-port;ir-anzali-port;"
            "ir-caspian-port;ir-nowshahr-port;ir-fereydunkenar-port;ir-astara-port")  # Torkaman is passed by every train of the line

# id, authority, name, level, countries, nodes, modes, hs, hs except, legal, fact, from, source, quality, note
SANCTION = [
    ("sn-un-snapback", "United Nations", "UN resolutions on Iran apply again", "attention", "IR", "", "", "", "",
     "Security Council resolutions 1696, 1737, 1747, 1803, 1835, 1929",
     "Six resolutions apply again since 27 September 2025 (20:00 New York); 43 persons and 78 entities are listed. "
     "Russia and China dispute that they are valid.", "2025-09-27", "rule-unnote-snapback-2025", "published", ""),
    ("sn-eu-snapback", "European Union", "EU measures on Iran re-imposed", "attention", "IR", "", "", "", "",
     "EU measures after the UN decision of September 2025", "The EU followed the United Nations with its own measures.",
     "2025-09-28", "rule-ecd-snapback-2025", "published", "day taken as the one after the UN date; press of 30 September"),
    ("sn-us-eo13382-irisl", "United States", "IRISL and E-Sail listed", "high", "IR", "", "sea", "", "",
     "Executive Order 13382; OFAC FAQ 810, 811",
     "IRISL and E-Sail stand under EO 13382 since 8 June 2020. The humanitarian allowance for food does not cover dealings "
     "with persons so listed.", "2020-06-08", "rule-ofac-faq-2020", "published", "see also rule-safety4sea-irisl"),
    ("sn-us-ifca-1244", "United States", "Port operators, shipping, shipbuilding, energy", "attention", "IR", IR_PORTS, "", "",
     "01;02;03;04;05;06;07;08;09;10;11;12;13;14;15;16;17;18;19;20;21;22;23;30", "IFCA 2012 section 1244",
     "Section 1244 covers port operators, shipping, shipbuilding and energy in Iran; agricultural goods, food and medicine are "
     "excepted.", "2013-07-01", "rule-steamship-ifca-2013", "published",
     "the exception is written here as HS chapters 01-23 and 30, our reading; start day is that of the section from general "
     "knowledge"),
    ("sn-us-ifca-1245", "United States", "Metals and graphite", "high", "IR", "", "",
     "2504;2701;2702;2704;2713;3801;72;73;74;75;76;78;79;80;81", "", "IFCA 2012 section 1245",
     "Section 1245 covers trade with Iran in metals, raw and half-finished, graphite and coal.", "2013-07-01",
     "rule-steamship-ifca-2013", "published",
     "written here as HS prefixes, our reading (steel, copper, aluminium, coal are named in our notes); start day from general knowledge"),
    ("sn-us-eo13902-petro", "United States", "Petroleum and petrochemicals of Iran", "high", "IR", "", "",
     "2707;2709;2710;2711;2712;2713;2714;2715;2901;2902;2905;3102;3901;3902;3903;3904;3907", "", "Executive Order 13902",
     "Petroleum and petrochemicals were added to the sectors of EO 13902 in October 2024; foreign banks risk their correspondent "
     "accounts.", "2024-10-11", "rule-thompson-2024", "published",
     "goods named in our notes: polymers, urea, bitumen, LPG; written as HS prefixes, our reading; see rule-followup-13902; day in "
     "October from general knowledge"),
    ("sn-caspian-iran-ships", "Kazakhstan", "Iranian ships at Aktau and Kuryk", "attention", "IR", "kz-aktau-port;kz-kuryk-port", "sea",
     "", "", "", "Access of Iranian ships to Aktau and Kuryk is hindered by the risk of sanctions, a Kazakh minister said.",
     "2025-12-10", "rule-trend-vessels-2025", "published", "start is the day of the statement"),
    ("sn-us-chabahar-waiver", "United States", "Waiver for Chabahar in doubt", "information", "IR", "ir-chabahar-port", "", "", "",
     "waiver for the port of Chabahar", "The US waiver for Chabahar is in doubt since February 2025.", "2025-02-01",
     "port-bs-2025-chabahar", "published", "month published, day approximate"),
    ("sn-liners-iran", "shipping lines", "Big liner companies do not call in Iran", "information", "IR", "", "sea", "", "", "",
     "IRISL, KSSL and small feeders by Jebel Ali carry the boxes.", "2020-06-08", "rule-safety4sea-irisl", "derived",
     "state of the trade, no law; start taken with the listing of IRISL"),
]
