keruen check data/kti
