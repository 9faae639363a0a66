for m in ue so aon logit psl sue; do keruen assign -p tests/support/mini -q -m $m | head -1; done
