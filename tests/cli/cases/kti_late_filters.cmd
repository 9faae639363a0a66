keruen plan kz-kostanay ir-shahid-rajaee-port -c barley -t 3000 -r 2026-12-01 --due 2026-12-12 --modes rail --avoid TM,UZ,RU,AZ -f json
