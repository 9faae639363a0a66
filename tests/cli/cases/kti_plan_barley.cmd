keruen plan kz-kostanay ir-shahid-rajaee-port --commodity barley --tonnes 3000 --ready 2026-12-01
