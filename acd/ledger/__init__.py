"""The missed-call ledger: citizens whom we owe a call-back (漏接电话回拨)."""
