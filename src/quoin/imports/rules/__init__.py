"""Reading and planning an import as pure rules: tables in, records, findings and a plan out."""
