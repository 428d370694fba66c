"""Media types that both visitors and staff are sent."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
