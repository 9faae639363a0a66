# SPDX-License-Identifier: Apache-2.0
"""Names of places in the scripts of the corridor, and UN/LOCODEs that names alone do not give."""

LOCAL_LANGUAGE = {"KZ": "kk", "TM": "tk", "IR": "fa", "RU": "ru"}

NAMES = {}
UNLOCODE = {}
UNLOCODE_NOT = {}
