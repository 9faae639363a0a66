keruen plan Актау "Бендер-Аббас" --commodity wheat --tonnes 5000 --arrive-by 2027-02-01
