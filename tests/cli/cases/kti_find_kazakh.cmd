keruen find Қостанай
