"""Says what the loaded territories hold, in French, for `mesure23 territories check`."""

from sqlalchemy import Connection, text

_COUNTS = """
SELECT (SELECT count(*) FROM territory WHERE kind = 'departement') AS departements,
       (SELECT count(*) FROM territory) AS territories,
       (SELECT count(*) FROM territory WHERE boundary IS NULL) AS without_boundary,
       (SELECT count(*) FROM commune) AS communes,
       (SELECT count(*) FROM former_commune) AS former,
       (SELECT count(*) FROM epci) AS epcis
"""
_OUTSIDE = """
SELECT c.code, c.name, t.name AS territory,
       ST_Distance(c.point::geography, t.boundary::geography) AS metres
FROM commune c JOIN territory t ON t.code = c.territory_code
WHERE NOT ST_Intersects(t.boundary, c.point)
ORDER BY metres DESC
"""
_WITHOUT_POINT = """
SELECT t.name AS territory, count(*) AS number,
       string_agg(c.name || ' (' || c.code || ')', ', ' ORDER BY c.code) AS names
FROM commune c JOIN territory t ON t.code = c.territory_code
WHERE c.point IS NULL
GROUP BY t.code ORDER BY t.code
"""


def report(connection: Connection) -> str:
    """Return numbers of territories and communes, points outside their territory, missing ones.

    Distances are on the ellipsoid, in metres.
    """
    counts = connection.execute(text(_COUNTS)).one()
    outside = connection.execute(text(_OUTSIDE)).all()
    missing = connection.execute(text(_WITHOUT_POINT)).all()
    lines = [
        f"Territoires : {counts.territories}, dont {counts.departements} départements "
        f"et {counts.without_boundary} sans contour.",
        f"Communes : {counts.communes} ; anciennes communes et arrondissements : "
        f"{counts.former} ; intercommunalités : {counts.epcis}.",
        f"Points hors de leur territoire : {len(outside)}.",
    ]
    lines += [f"  {row.name} ({row.code}, {row.territory}) : {row.metres:.0f} m" for row in outside]
    lines.append(f"Communes sans point : {sum(row.number for row in missing)}.")
    lines += [f"  {row.territory} : {row.number} — {row.names}" for row in missing]
    return "\n".join(lines)
