#!/usr/bin/env bash
# The main job on the shipped corridor: 3,000 t of barley from Kostanay to the port of Bandar Abbas.
set -euo pipefail
keruen=$1
"$keruen" plan kz-kostanay ir-shahid-rajaee-port --commodity barley --tonnes 3000 --ready 2026-12-01
cat <<TEXT

Try next:
  $keruen plan Актау "Бендер-Аббас" --commodity wheat --tonnes 5000 --arrive-by 2027-02-01
  $keruen plan KZALA IRTHR --commodity machinery --units 20x42G1 --ready 2026-12-01 --explain
  $keruen measures
TEXT
