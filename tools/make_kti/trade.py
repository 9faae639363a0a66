#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the commercial and legal tables of data/kti from the curated raw tables.

    trade.py RAW OUT        RAW: folder with tariff.csv, commodity.csv, ...;  OUT: the package

Facts are carried over with their source and quality; what a row means for a leg stands in trade_tariff.py, trade_rule.py,
trade_words.py and trade_measure.py beside this file. The package is what is kept and edited afterwards.
"""
import csv
import os
import re
import sys

import trade_measure
import trade_rule
import trade_tariff
import trade_words as words

TAIL = "quality source_id estimated_fields note".split()


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def write(folder, name, columns, rows):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(columns)
        for r in rows:
            assert set(r) <= set(columns), (name, set(r) - set(columns))
            w.writerow([" ".join(str(r.get(c, "")).split()) for c in columns])
    print(f"{len(rows):5} {name}")


def make_source(raw, out, extra):
    rows = [dict(source_id=r["id"], title=r["title"], url=r["url"] if r["url"].startswith("http") else "", publisher=r["publisher"],
                 date=r["date"], accessed_note=r["accessed_note"]) for r in raw]
    keys = "source_id title url publisher date accessed_note".split()
    rows += [dict(zip(keys, e)) for e in words.SOURCES + extra]
    write(out, "source.csv", keys, rows)
    return {r["source_id"] for r in rows}


def make_currency(out):
    rows = [dict(currency=c, valid_from=d, usd_per_unit=f"{u:.8g}", quality="derived", source_id=s, note=n)
            for c, d, u, s, n in words.CURRENCY]
    write(out, "currency.csv", "currency valid_from usd_per_unit".split() + TAIL, rows)


def make_cargo_class(out):
    cols = "cargo_class name name_ru name_kk name_fa loading_unit wagon_1520 wagon_1435 wagon_1676 truck emission_group".split()
    rows = []
    for c in words.CARGO_CLASS:
        r = dict(zip(cols, c))
        r.update(quality="estimated", source_id="rule-method-keruen", note=c[-1])
        rows.append(r)
    write(out, "cargo_class.csv", cols + TAIL, rows)


def make_commodity(raw, out):
    cols = """commodity_id name name_ru name_kk name_fa hs_code gng_code cargo_class density_t_m3 value_usd_t value_of_time_usd_t_h
    un_number needs_phyto""".split()
    rows = []
    for r in raw:
        rows.append(dict(commodity_id=r["id"], name=r["name"], name_ru=r["name_ru"], name_kk=words.KK[r["id"]], name_fa=r["name_fa"],
                         hs_code=r["hs_code"], gng_code=r["gng_code"], cargo_class=r["cargo_class"], density_t_m3=r["density_t_m3"],
                         value_usd_t=r["typical_value_usd_t"], value_of_time_usd_t_h=r["value_of_time_usd_t_h"],
                         un_number=r["dangerous_un"], needs_phyto=r["needs_phyto"], quality=r["quality"], source_id=r["source_id"],
                         estimated_fields="density_t_m3;value_of_time_usd_t_h" if r["quality"] != "estimated" else "", note=r["note"]))
    write(out, "commodity.csv", cols + TAIL, rows)


def make_loading_unit(out):
    cols = "loading_unit name kind cargo_class teu feet tare_t max_payload_t volume_m3".split()
    rows = []
    for u in words.LOADING_UNIT:
        r = dict(zip(cols, u))
        box = r["kind"] == "container"
        r.update(quality="derived" if box else "estimated", source_id="iso-668-6346" if box else "rule-method-keruen",
                 estimated_fields="tare_t;max_payload_t;volume_m3" if box else "", note=u[-1])
        rows.append(r)
    write(out, "loading_unit.csv", cols + TAIL, rows)


def emission_row(eid, mode, group, traction, country, wtw, ttw, note, **kw):
    r = dict(emission_id=eid, use="factor", mode=mode, emission_group=group, traction=traction, country=country,
             kg_co2e_per_tkm_wtw=f"{wtw:.5g}", kg_co2e_per_tkm_ttw=f"{ttw:.5g}" if ttw is not None else "", quality="estimated",
             source_id="emission-lipasto-2016", note=note)
    r.update(kw)
    return r


# Which published factor stands for which choice of the model.
EMISSION_USE = {
    "ef-road-artic-20t-emptyback": dict(country="any", traction="diesel"),
    "ef-sea-bulk-small-uk": dict(emission_group="bulk", country="any"),
    "ef-sea-general-uk": dict(emission_group="general", country="any"),
    "ef-sea-container-short": dict(emission_group="container", country="any"),
    "ef-sea-ropax-5-10k-glec": dict(emission_group="roro", country="any"),
}
EMISSION_WHY = {"grid": "input of the electric rows", "hub": "no value was found, left blank on purpose"}
EMISSION_GROUP = {"ore": "bulk", "container": "container", "mixed": "general"}


def make_emission(raw, out):
    cols = """emission_id use mode emission_group traction country vehicle_id vehicle kg_co2e_per_tkm_wtw kg_co2e_per_tkm_ttw
    energy_value energy_unit load_factor grid_kg_co2e_per_kwh standard""".split()
    rows, grid = [], {}
    for r in raw:
        region = r["region"] if re.fullmatch("[A-Z]{2}", r["region"]) else ""
        row = dict(emission_id=r["id"], use="context", mode=r["mode"], traction=r["traction"], country=region, vehicle=r["vehicle"],
                   kg_co2e_per_tkm_wtw=r["kgco2e_per_tkm_wtw"], kg_co2e_per_tkm_ttw=r["kgco2e_per_tkm_ttw"],
                   energy_value=re.split(r"[^0-9.]", r["energy_value"])[0], energy_unit=r["energy_unit"], load_factor=r["load_factor"],
                   grid_kg_co2e_per_kwh=r["grid_kgco2e_per_kwh"], standard=r["standard"], quality=r["quality"], source_id=r["source_id"])
        note = [r["note"]] if r["note"] else []
        if r["mode"] == "grid":
            grid[r["region"]] = float(r["grid_kgco2e_per_kwh"])
        m = re.fullmatch(r"ef-rail-(electric|diesel)-(ore|container|mixed)-(\w\w)", r["id"])
        if m:
            row.update(use="factor", emission_group=EMISSION_GROUP[m[2]], traction=m[1])
        if r["id"] in EMISSION_USE:
            row.update(use="factor", **EMISSION_USE[r["id"]])
            row["traction"] = "diesel" if r["mode"] == "road" else "fuel oil"
        if r["mode"] in EMISSION_WHY:
            note.append(EMISSION_WHY[r["mode"]])
        if r["region"] and not region and r["region"] not in ("world",):
            note.append(f"region as told: {r['region']}")
        row["note"] = "; ".join(note)
        rows.append(row)
    rows += emission_extra(rows, grid)
    write(out, "emission.csv", cols + TAIL, rows)


def emission_extra(rows, grid):
    """Rows that close the gaps: goods without a train of their own, countries without a factor, ships."""
    known = {r["emission_id"]: r for r in rows}
    out = []
    like = {"general": ("mixed", "general freight train"), "liquid": ("ore", "bulk train"), "roro": ("mixed", "general freight train")}
    energy = {"bulk": 0.017, "container": 0.027, "general": 0.027, "liquid": 0.017, "roro": 0.027}
    diesel = {"bulk": (0.02279, 0.0188), "container": (0.0217, 0.0179), "general": (0.03092, 0.0255), "liquid": (0.02279, 0.0188),
              "roro": (0.03092, 0.0255)}
    proxy = {"bulk": "ore train", "container": "container train", "general": "general freight train", "liquid": "ore train, for tank trains",
             "roro": "general freight train, for car and trailer wagons"}
    mean = sum(grid.values()) / len(grid)
    have = {(r["emission_group"], r["traction"], r["country"]) for r in rows if r["use"] == "factor" and r["mode"] == "rail"}
    for group in energy:
        for country in sorted(grid) + ["any"]:
            if (group, "electric", country) not in have:
                g = grid.get(country, mean)
                out.append(emission_row(f"ef-rail-electric-{group}-{country.lower()}", "rail", group, "electric", country,
                                        energy[group] * g * 1.10, 0, f"Finnish {proxy[group]}, {energy[group]} kWh/tkm x grid x 1.10 for grid losses"
                                        + ("" if country in grid else f"; grid: mean of the eight countries known, {mean:.4f}"),
                                        energy_value=str(energy[group]), energy_unit="kWh/tkm", grid_kg_co2e_per_kwh=f"{g:.6g}",
                                        standard="LIPASTO x OWID/Ember"))
        wtw, ttw = diesel[group]
        out.append(emission_row(f"ef-rail-diesel-{group}-any", "rail", group, "diesel", "any", wtw, ttw,
                                f"Finnish {proxy[group]} taken for the region; no national figure found", standard="LIPASTO proxy"))
    for eid, base, vehicle, group, say in (
            ("ef-sea-handysize", "ef-sea-bulk-10-35k-uk", "ship-handysize-30000", "", "handysize bulk carrier of the model"),
            ("ef-sea-ocean-3500", "ef-sea-container-deep", "ship-ocean-3500", "", "class of ships from 3000 TEU"),
            ("ef-sea-main-8000", "ef-sea-container-deep", "ship-main-8000", "", "class of ships from 3000 TEU"),
            ("ef-sea-rail-ferry", "ef-sea-ropax-5-10k-glec", "ship-rail-ferry-52", "", "closest class to the Caspian ferries; wagons on a RoPax factor"),
            ("ef-sea-liquid", "ef-sea-bulk-small-uk", "", "liquid", "no tanker factor found: small bulk carrier taken")):
        b = known[base]
        out.append(emission_row(eid, "sea", group, "fuel oil", "any", float(b["kg_co2e_per_tkm_wtw"]), float(b["kg_co2e_per_tkm_ttw"]),
                                f"as {base}: {say}", vehicle_id=vehicle, vehicle=b["vehicle"], standard=b["standard"], source_id=b["source_id"]))
    return out


def statistics_of(rid):
    if "irica" in rid or re.match(r"tf-(rai|sarakhs|ir-road|.*-1[34]0\d)", rid):
        return "IR"
    if re.match(r"tf-(kzir|kz-|barley|wheat|corn|grain|rail-kzir|bolashak|kti|ir-kz|transit-kzir)", rid):
        return "KZ"
    return "other"


def make_demand(raw, out):
    cols = """demand_id origin_country destination_country year period flow_type commodity tonnes value_usd mode_share statistics""".split()
    rows = []
    for r in raw:
        row = {c: r.get(c, "") for c in cols}
        row.update(demand_id=r["id"], value_usd=f"{round(float(r['value_usd']), 2):.12g}" if r["value_usd"] else "",
                   statistics=statistics_of(r["id"]), quality=r["quality"], source_id=r["source_id"], note=r["note"])
        rows.append(row)
    write(out, "demand.csv", cols + TAIL, rows)


def make_regime(out):
    cols = "regime_id regime mode country rank valid_from valid_to document".split()
    rows = [dict(regime_id=f"rg-{g.lower().replace('_', '-')}-{c.lower()}", regime=g, mode=m, country=c, rank=k, valid_from=f, document=d,
                 quality=q, source_id=s, note=n) for g, m, c, k, f, d, q, s, n in words.REGIME]
    write(out, "regime.csv", cols + TAIL, rows)


def make_sanction(out):
    cols = "sanction_id authority name level countries node_ids modes hs_prefixes hs_except legal_basis fact valid_from valid_to".split()
    base, moved = [], {}
    for t in words.SANCTION:
        (sid, who, name, level, countries, nodes, modes, hs, but, law, fact, start, src, quality, note) = t
        r = dict(sanction_id=sid, authority=who, name=name, level=level, countries=countries, node_ids=nodes, modes=modes, hs_prefixes=hs,
                 hs_except=but, legal_basis=law, fact=fact, valid_from=start, quality=quality, source_id=src, note=note)
        if sid in ("sn-un-snapback", "sn-eu-snapback"):
            moved.setdefault("m-snapback-2025", []).append(r)
        else:
            base.append(r)
    write(out, "sanction.csv", cols + TAIL, base)
    return moved


def split(made, extra):
    base, moved = list(extra), {}
    for r, measure in made:
        (moved.setdefault(measure, []) if measure else base).append(r)
    return base, moved


def main():
    raw, out = sys.argv[1:3]
    os.makedirs(os.path.join(out, "measure"), exist_ok=True)
    same = {r["place_id"]: r["same_place_as"] for r in read(raw, "place_crosswalk.csv") if r["same_place_as"]}
    node = lambda i: same.get(i, i)
    make_source(read(raw, "source.csv"), out, trade_measure.SOURCES)
    make_currency(out)
    make_cargo_class(out)
    make_commodity(read(raw, "commodity.csv"), out)
    make_loading_unit(out)
    make_emission(read(raw, "emission_factor.csv"), out)
    make_demand(read(raw, "trade_flow.csv"), out)
    make_regime(out)
    added = {"sanction": make_sanction(out)}
    rules, added["rule"] = split([trade_rule.rule_from_raw(r) for r in read(raw, "document_rule.csv")], trade_rule.RULE_EXTRA + trade_rule.general_rules())
    write(out, "rule.csv", trade_rule.RULE_COLUMNS, rules)
    visas, added["visa"] = split([trade_rule.visa_from_raw(r) for r in read(raw, "visa_rule.csv")], trade_rule.VISA_EXTRA)
    write(out, "visa.csv", trade_rule.VISA_COLUMNS, visas)
    tariffs, added["tariff"] = trade_tariff.build(read(raw, "tariff.csv"), read(raw, "sea_link.csv"), node)
    write(out, "tariff.csv", trade_tariff.COLUMNS, tariffs)
    trade_measure.make(read(raw, "measure.csv"), added, out)


if __name__ == "__main__":
    main()
