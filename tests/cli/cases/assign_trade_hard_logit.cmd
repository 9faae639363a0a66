keruen assign -p tests/support/mini -q --capacity -m logit
