# SPDX-License-Identifier: Apache-2.0
"""vehicle.csv and operation.csv: wagons, trucks, ships; what places do to cargo."""

import kti_tables as kt

EST = "rule-method-keruen"

# Wagons: id, name, gauge, payload t, tare t, axles, length m, TEU, quality, source, estimated fields, note
WAGONS = [
    ("wagon-1520-grain", "Grain hopper, 1520 mm", 1520, 70, 23, 4, 14.7, "", "estimated", EST, "all",
     "class values of a hopper of 70 t; 64 t a wagon was carried over Bolashak (rail-railnews-bolashak)"),
    ("wagon-1520-covered", "Covered wagon, 1520 mm", 1520, 66, 24, 4, 14.7, "", "derived", "rail-trend-flour-2018",
     "axles;length_m;tare_t", "3300 t of flour in over 50 wagons: 64-66 t a wagon; tare 23-24 t"),
    ("wagon-1520-gondola", "Gondola, 1520 mm", 1520, 69, 23.5, 4, 13.9, "", "estimated", EST, "all",
     "class values; coal, sulphur, ore, scrap, petroleum coke"),
    ("wagon-1520-platform", "Flat wagon for metal and machines, 1520 mm", 1520, 68, 22, 4, 14.6, "", "estimated", EST,
     "all", "class values"),
    ("wagon-1520-flat", "Container flat wagon, 1520 mm", 1520, 60, 22, 4, 14.6, 2, "derived", "rail-orient-2022",
     "payload_t;tare_t;axles;length_m", "24 flat wagons carried 48 TEU: 2 TEU a wagon"),
    ("wagon-1520-tank", "Tank wagon, 1520 mm", 1520, 62, 26, 4, 12.0, "", "estimated", EST, "all", "class values"),
    ("wagon-1520-reefer", "Flat wagon with power for reefer containers, 1520 mm", 1520, 56, 24, 4, 14.6, 2, "estimated",
     EST, "all", "class values; the power unit takes the rest of the load"),
    ("wagon-1520-timber", "Timber wagon, 1520 mm", 1520, 65, 25, 4, 14.6, "", "estimated", EST, "all", "class values"),
    ("wagon-1520-autorack", "Car carrier and trailer wagon, 1520 mm", 1520, 40, 32, 4, 25.2, "", "estimated", EST, "all",
     "class values"),
    ("wagon-1435-grain", "Grain hopper, 1435 mm", 1435, 65, 24, 4, 14.5, "", "estimated", EST, "all",
     "class values; rail wheat terminal of Shahid Rajaee reckons with 15 wagons of 65 t (port-portnews-203150)"),
    ("wagon-1435-covered", "Covered wagon, 1435 mm", 1435, 63, 25, 4, 15.0, "", "derived", "rail-business-tm-2021",
     "tare_t;axles;length_m", "600 thousand t in 9500 wagons over Sarakhs in 2021: 63 t a wagon"),
    ("wagon-1435-gondola", "Gondola, 1435 mm", 1435, 63, 24, 4, 14.0, "", "derived", "rail-business-tm-2021",
     "tare_t;axles;length_m", "63 t as for covered wagons; 60 t a wagon in sulphur transit (rail-irna-sarakhs-2022)"),
    ("wagon-1435-platform", "Flat wagon for metal and machines, 1435 mm", 1435, 68, 22, 4, 14.0, "", "published",
     "rail-yjc-2025", "tare_t;axles;length_m", "scheduled train of 50 wagons of 68 t"),
    ("wagon-1435-flat", "Container flat wagon, 1435 mm", 1435, 60, 21, 4, 14.5, 2, "estimated", EST, "all", "class values"),
    ("wagon-1435-tank", "Tank wagon, 1435 mm", 1435, 60, 25, 4, 13.5, "", "estimated", EST, "all", "class values"),
    ("wagon-1435-reefer", "Flat wagon with power for reefer containers, 1435 mm", 1435, 54, 23, 4, 14.5, 2, "estimated",
     EST, "all", "class values"),
    ("wagon-1435-timber", "Timber wagon, 1435 mm", 1435, 60, 24, 4, 14.5, "", "estimated", EST, "all", "class values"),
    ("wagon-1435-autorack", "Car carrier and trailer wagon, 1435 mm", 1435, 36, 30, 4, 24.0, "", "estimated", EST, "all",
     "class values"),
    ("wagon-1676-covered", "Covered wagon, 1676 mm", 1676, 40, 24, 4, 14.5, "", "estimated", EST, "all",
     "class values; light track at Zahedan; 24 wagons with 525 t told for the train of Islamabad (rail-isna-iti)"),
    ("wagon-1676-gondola", "Open wagon, 1676 mm", 1676, 40, 22, 4, 13.0, "", "estimated", EST, "all", "class values"),
    ("wagon-1676-flat", "Container flat wagon, 1676 mm", 1676, 40, 20, 4, 14.0, 2, "estimated", EST, "all", "class values"),
    ("wagon-1676-tank", "Tank wagon, 1676 mm", 1676, 38, 24, 4, 13.0, "", "estimated", EST, "all", "class values"),
]

TRUCKS = [  # id, name, payload, tare, note
    ("truck-curtain", "Curtain-side lorry", 21, 16, "20-22 t; CAREC samples reckon with 20 t (tariff-cpmm-2022-road)"),
    ("truck-container", "Container lorry", 22, 15.5, "one 40-foot or two light 20-foot containers"),
    ("truck-grain", "Tipper for grain", 22, 14.5, "class value"),
    ("truck-flatbed", "Flatbed lorry", 22, 15, "steel and machines"),
    ("truck-tank", "Tank lorry", 21, 16, "class value"),
    ("truck-reefer", "Refrigerated lorry", 20, 17.5, "class value"),
]

# Ships: id, name, payload t, length, TEU, trucks, wagons, draught m, t per dm, knots, quality, source, estimated, note.
# draught_m is the depth of water that a full load needs: draught plus about half a metre under the keel.
SHIPS = [
    ("ship-river-sea-5000", "River-sea dry-cargo ship of about 5,000 t", 5000, 120, "", "", "", 5.17, 180, 9,
     "derived", "port-railnews-9362", "length_m;draught_m;t_per_dm;speed_kn",
     "fitted so that 4.5 m of water (Aktau) takes 3.8 kt, as told: 773 kt in 196 ships = 3.9 kt, 14 ships for 50 kt = 3.6 kt; "
     "Caspian port 2.8 kt a call; hull of about 120 x 15.5 m gives 180 t a decimetre"),
    ("ship-volgo-don-max", "Volgo-Don Max dry-cargo ship (RSD19, RSD59)", 7000, 140, "", "", "", 5.25, 238, 9,
     "derived", "sea-korabel-rsd19", "draught_m;t_per_dm;speed_kn",
     "RSD19: 6,750 t at sea, 4,340 t at 3.6 m; RSD59: 140.88 x 16.98 m, 4.706 m at sea; fitted so that 4.2 m takes 4.5 kt "
     "as the lanes tell; 220-240 t a decimetre"),
    ("ship-small-cargo", "Small general-cargo ship or dhow", 1000, 60, "", "", "", 3.5, 45, 8, "estimated", EST, "all",
     "class values"),
    ("ship-kssl-150", "Multipurpose ship with containers", 4000, 118, 150, "", "", 4.9, 170, 9, "estimated", EST, "all",
     "15 of 23 ships of the Caspian line of Iran take boxes (sea-eghtesad-2021-kssl); 150 TEU as the lanes tell"),
    ("ship-feeder-250", "Container feeder (Barys, Turkestan type)", 5000, 113, 250, "", "", 4.9, 170, 9, "derived",
     "sea-albe-barys", "payload_t;draught_m;t_per_dm;speed_kn", "225-350 TEU told, record 314 TEU; 113 x 21 m"),
    ("ship-gulf-feeder-800", "Gulf feeder", 11000, 140, 800, "", "", 8, 250, 12, "estimated", EST, "all", "class values"),
    ("ship-ocean-3500", "Ocean container ship", 45000, 240, 3500, "", "", 11.5, 600, 14, "estimated", EST, "all", "class values"),
    ("ship-main-8000", "Main-line container ship", 95000, 335, 8000, "", "", 14.2, 1100, 16, "estimated", EST, "all",
     "class values; slow steaming"),
    ("ship-handysize-30000", "Handysize bulk carrier", 30000, 180, "", "", "", 10.2, 450, 12, "estimated", EST, "all",
     "class values"),
    ("ship-tanker-12000", "Caspian tanker of 12,000 t", 12000, 150, "", "", "", 5.3, 250, 10, "derived",
     "port-reportaz-2025-dredge", "length_m;draught_m;t_per_dm;speed_kn",
     "12,000 t tankers load 10,000 t at Aktau in 2025; no tanker line is told with a frequency, so none sails here"),
    ("ship-rail-ferry-52", "Rail ferry, single or double deck", 5700, 154, "", 36, 52, 4.7, 200, 12, "published",
     "port-astanatimes-2021-kuryk", "payload_t;trucks;draught_m;t_per_dm;speed_kn",
     "up to 54 wagons told for Kuryk; new type 56 tank or 46 open wagons or 50 trucks (sea-trend-2021-ropax)"),
    ("ship-roro-40", "Ro-ro or ro-pax ferry", 1600, 135, "", 40, "", 4.5, 150, 12, "derived", "sea-orient-2024-bagtyyar",
     "payload_t;length_m;draught_m;t_per_dm;speed_kn", "40-55 trucks told"),
]


def make_vehicles(package):
    for (ident, name, gauge, payload, tare, axles, length, teu, quality, source, estimated, note) in WAGONS:
        package.add("VEHICLE", vehicle_id=ident, name=name, kind="wagon", gauge_mm=gauge, payload_t=payload, tare_t=tare,
                    axles=axles, length_m=length, teu=teu, quality=quality, source_id=source,
                    estimated_fields=estimated, note=note)
    for ident, name, payload, tare, note in TRUCKS:
        package.add("VEHICLE", vehicle_id=ident, name=name, kind="truck", payload_t=payload, tare_t=tare,
                    length_m=16.5, quality="estimated", source_id=EST, estimated_fields="all", note=note)
    for (ident, name, payload, length, teu, trucks, wagons, draught, t_per_dm, knots, quality, source, estimated,
         note) in SHIPS:
        package.add("VEHICLE", vehicle_id=ident, name=name, kind="ship", payload_t=payload, length_m=length, teu=teu,
                    trucks=trucks, wagons=wagons, draught_m=draught, t_per_dm=t_per_dm, speed_kn=knots,
                    quality=quality, source_id=source, estimated_fields=estimated,
                    note=kt.join(note, "draught with about half a metre under the keel"))


# Operations of the raw table that are not built, or that a measure opens: they go to the measures.
NOT_BUILT = {"term-srp-kz-plan-rail": "measure of the Kazakh terminal", "term-srp-kz-plan-store": "measure of the Kazakh terminal",
             "term-srp-kz-plan-cont": "measure of the Kazakh terminal",
             "term-srp-mech-grain": "under construction, 13 percent; no measure of its own",
             "term-aktau-hub-2026": "m-aktau-hub-2025",
             "term-amirabad-kz-grain": "m-amirabad-terminal"}
FERRY = ("term-kuryk-railferry", "term-kuryk-searail", "term-alat-railferry", "term-alat-railferry-out",
         "term-tkm-railferry", "term-tkm-railferry-in", "term-makhachkala-ferry")
FERRY_CLASSES = ("metal", "oil_bulk", "container", "grain_bulk")
RENAMED = {"hours": ["low_h", "typical_h", "high_h"], "hours_typical": ["typical_h"], "hours_low": ["low_h"],
           "hours_high": ["high_h"], "rate_per_server": ["rate_per_h"], "cost_usd_per_unit": ["cost_usd"],
           "storage_usd_per_unit_day": ["storage_usd_unit_day"]}


def own_row(row):
    estimated = []
    for field in row["estimated_fields"].split(";"):
        estimated += RENAMED.get(field, [field] if field else [])
    kind, sides, rate, store = row["operation"], ("", ""), row["rate_per_server"], ""
    calendar = ""
    if kind in ("storage", "customs"):
        if kind == "storage":
            rate, store = "", row["rate_per_server"]
            if row["id"] == "term-jebelali-relay":      # a relay yard: the raw row holds a rate, not a store
                rate, store = row["rate_per_server"], ""
        elif row["node_id"].startswith("ir-"):
            calendar = "iran-week"
        elif row["node_id"].startswith("kz-"):
            calendar = "office-kz"
    else:
        sides, kind = tuple(row["operation"].split("_to_")), "transfer"
    return dict(operation_id=row["id"], name="", node_id=row["node_id"], kind=kind, from_side=sides[0], to_side=sides[1],
                cargo_class=row["cargo_class"], servers=row["servers"], rate_per_h=rate, unit=row["unit"],
                low_h=row["hours_low"], typical_h=row["hours_typical"], high_h=row["hours_high"],
                cost_usd=row["cost_usd_per_unit"], free_storage_days=row["free_storage_days"],
                storage_usd_unit_day=row["storage_usd_per_unit_day"], storage_t=store, calendar_id=calendar,
                quality=row["quality"], source_id=row["source_id"],
                estimated_fields="all" if "all" in estimated else ";".join(estimated), note=row["note"])


def make_own(raw, package, places, measure_rows):
    rows = kt.read(raw, "corridor/terminal.csv")
    taken = {(r["node_id"], r["operation"], r["cargo_class"]) for r in rows if r["id"] not in NOT_BUILT}
    for row in rows:
        row["node_id"] = places.id(row["node_id"])
        if row["id"] in NOT_BUILT:
            measure_rows.append((NOT_BUILT[row["id"]], own_row(row)))
            continue
        if row["operation"] == "gauge_change":
            make_ro_gauge(package, row)
            continue
        made = own_row(row)
        package.add("OPERATION", **made)
        if row["id"] == "term-jebelali-relay":
            package.add("OPERATION", **{**made, "operation_id": "term-jebelali-relay-sea", "kind": "transfer",
                                        "from_side": "sea", "to_side": "sea",
                                        "note": kt.join(made["note"], "the relay itself, from the same figures")})
        if row["id"] in FERRY:
            for cargo in FERRY_CLASSES:
                if (row["node_id"], row["operation"], cargo) not in taken:
                    package.add("OPERATION", **{**made, "operation_id": f"{row['id']}-{cargo}", "cargo_class": cargo,
                                                "note": kt.join(made["note"], "wagons of every kind cross on the ferry: "
                                                                              "the row of general cargo repeated")})


def make_ro_gauge(package, row):
    for a, b in ((1520, 1435), (1435, 1520)):
        package.add("GAUGE_CHANGE", gauge_change_id=f"gc-{row['node_id']}-{a}-{b}-bogie", node_id=row["node_id"],
                    from_gauge_mm=a, to_gauge_mm=b, method="bogie_exchange", low_h=row["hours_low"],
                    typical_h=row["hours_typical"], high_h=row["hours_high"],
                    wagons_per_day=kt.number(float(row["rate_per_server"]) * 24), cost_usd=row["cost_usd_per_unit"],
                    cost_unit="wagon", tracks=row["servers"], quality=row["quality"], source_id=row["source_id"],
                    estimated_fields="all", note=kt.join(row["note"], f"raw row {row['id']}; 4 wagons an hour round the clock; "
                                                                      "no rail ferry line to the port is told"))


# Default operations: what every place can do, longer and dearer than a terminal of its own.
# (sides, applies_to, hours by class (low, typical, high), cost by class (USD, unit), words)
LAND = "station;terminal;port;junction;border;gauge_change"
ROAD = "city;border_post;port;dry_port;terminal;station;place;junction;border;gauge_change"
BOTH = "station;terminal;dry_port;port;gauge_change;junction;border"

BY_CLASS = {  # class -> words
    "grain_bulk": "t", "general": "t", "metal": "t", "oil_bulk": "t", "container": "container",
    "reefer": "container", "roro": "truck"}

DEFAULTS = [
    ("rest", "rail", LAND, "loading into wagons: supply of wagons, loading, forming of the train",
     {"grain_bulk": ((24, 72, 168), 3), "general": ((24, 72, 168), 4), "metal": ((24, 72, 168), 4),
      "oil_bulk": ((24, 72, 168), 2.5), "container": ((24, 60, 144), 45), "reefer": ((24, 60, 168), 70),
      "roro": ((24, 72, 240), 90)}),
    ("rail", "rest", LAND, "unloading from wagons: placing, unloading, handing out",
     {"grain_bulk": ((10, 24, 72), 3), "general": ((10, 24, 72), 4), "metal": ((10, 24, 72), 4),
      "oil_bulk": ((8, 20, 60), 2.5), "container": ((8, 24, 72), 45), "reefer": ((6, 18, 60), 70),
      "roro": ((6, 18, 60), 90)}),
    ("rest", "road", ROAD, "loading of lorries: calling and loading",
     {"grain_bulk": ((3, 12, 48), 2.5), "general": ((4, 16, 48), 5), "metal": ((4, 16, 48), 4),
      "oil_bulk": ((3, 12, 48), 2.5), "container": ((3, 12, 48), 35), "reefer": ((3, 12, 48), 50),
      "roro": ((1, 6, 24), 10)}),
    ("road", "rest", ROAD, "unloading of lorries",
     {"grain_bulk": ((1, 3, 12), 2.5), "general": ((2, 5, 16), 5), "metal": ((2, 4, 12), 4),
      "oil_bulk": ((1, 3, 12), 2.5), "container": ((1, 3, 12), 35), "reefer": ((1, 3, 12), 50),
      "roro": ((0.5, 1, 6), 10)}),
    ("rail", "road", BOTH, "from wagon to lorry through the yard",
     {"grain_bulk": ((12, 36, 120), 5), "general": ((12, 36, 120), 8), "metal": ((12, 36, 120), 7),
      "oil_bulk": ((12, 36, 120), 4), "container": ((8, 30, 96), 60), "reefer": ((6, 24, 72), 90),
      "roro": ((6, 24, 72), 90)}),
    ("road", "rail", BOTH, "from lorry to wagon through the yard: supply of wagons, loading, forming of the train",
     {"grain_bulk": ((24, 72, 168), 5), "general": ((24, 72, 168), 8), "metal": ((24, 72, 168), 7),
      "oil_bulk": ((24, 72, 168), 4), "container": ((24, 60, 144), 60), "reefer": ((24, 60, 144), 90),
      "roro": ((24, 72, 240), 90)}),
    ("rail", "sea", "port", "from wagon to ship through the yard or over the quay",
     {"grain_bulk": ((48, 96, 300), 10), "general": ((48, 96, 240), 11), "metal": ((48, 96, 240), 11),
      "oil_bulk": ((36, 72, 200), 6), "container": ((36, 120, 360), 130), "reefer": ((30, 96, 240), 170),
      "roro": ((24, 72, 240), 130)}),
    ("sea", "rail", "port", "from ship to wagon: unloading, supply of wagons",
     {"grain_bulk": ((60, 120, 360), 10), "general": ((60, 120, 360), 11), "metal": ((60, 120, 360), 11),
      "oil_bulk": ((48, 96, 240), 6), "container": ((48, 144, 480), 130), "reefer": ((36, 96, 300), 170),
      "roro": ((36, 96, 300), 130)}),
    ("road", "sea", "port", "from lorry to ship",
     {"grain_bulk": ((36, 84, 240), 9), "general": ((36, 84, 240), 10), "metal": ((36, 84, 240), 10),
      "oil_bulk": ((36, 72, 200), 6), "container": ((30, 96, 300), 130), "reefer": ((24, 72, 240), 170),
      "roro": ((10, 48, 240), 65)}),
    ("sea", "road", "port", "from ship to lorry",
     {"grain_bulk": ((36, 84, 240), 9), "general": ((36, 84, 240), 10), "metal": ((36, 84, 240), 10),
      "oil_bulk": ((36, 72, 200), 6), "container": ((36, 96, 300), 140), "reefer": ((24, 72, 240), 180),
      "roro": ((4, 12, 48), 65)}),
    ("rest", "sea", "port", "from the store to the ship",
     {"grain_bulk": ((24, 60, 200), 6), "general": ((24, 60, 200), 7), "metal": ((24, 60, 200), 7),
      "oil_bulk": ((24, 48, 160), 4), "container": ((24, 72, 240), 90), "reefer": ((18, 48, 200), 120),
      "roro": ((8, 36, 200), 60)}),
    ("sea", "rest", "port", "from the ship to the store",
     {"grain_bulk": ((24, 48, 160), 6), "general": ((24, 48, 160), 7), "metal": ((24, 48, 160), 7),
      "oil_bulk": ((18, 36, 120), 4), "container": ((18, 48, 160), 90), "reefer": ((12, 36, 120), 120),
      "roro": ((4, 12, 48), 60)}),
    ("sea", "sea", "port", "relay between ships over the yard",
     {"grain_bulk": ((96, 200, 480), 13), "general": ((72, 168, 400), 14), "metal": ((72, 168, 400), 14),
      "container": ((48, 120, 336), 140), "reefer": ((36, 96, 240), 190), "roro": ((24, 96, 300), 100)}),
]


def make_defaults(package):
    for a, b, applies, words, classes in DEFAULTS:
        for cargo, ((low, typical, high), cost) in classes.items():
            package.add("OPERATION", operation_id=f"default-{a}-{b}-{cargo.replace('_', '-')}",
                        name=f"{a} to {b}, {cargo}", applies_to=applies, kind="transfer", from_side=a, to_side=b,
                        cargo_class=cargo, unit=BY_CLASS[cargo], low_h=low, typical_h=typical, high_h=high, cost_usd=cost,
                        quality="estimated", source_id=EST, estimated_fields="all",
                        note=kt.join(words, "class values of a usual lot where no terminal of its own is told, a little "
                                            "longer and dearer than the terminals that are told"))


def make_astara(package):
    """The half of the told stay at Astara that is the handling from wagon to lorry."""
    for a, b in (("rail", "road"), ("road", "rail")):
        package.add("OPERATION", operation_id=f"op-ir-astara-{a}-{b}", name="Astara terminal", node_id="ir-astara",
                    kind="transfer", from_side=a, to_side=b, unit="t", low_h=3, typical_h=12, high_h=36, cost_usd=6,
                    quality="estimated", source_id="rail-rgi-astara", estimated_fields="all",
                    note="goods go on by road until the Rasht line is built; half of the 24 h (6-96) told for the "
                         "crossing, the other half stands in border.csv; split and price are estimates; terminal "
                         "2 Mt a year, 5 planned (rail-hsn-astara)")
