#!/usr/bin/env python3
"""Draws the picture of the README from two results of `spillway run --out`: success rate and amplification over time.

    build/release/cli/spillway run scenarios/examples/retry-storm --out /tmp/storm
    scripts/readme_picture.py /tmp/storm/storm-without-budget /tmp/storm/storm-with-budget --fault 40 50 > docs/retry-storm.svg

Standard library only; the same results give the same bytes.
"""
import argparse
import csv
import pathlib

WIDTH, PANEL, LEFT, RIGHT, TOP, GAP = 860, 150, 64, 150, 58, 52
INK, MUTED, GRID, BAND, PAPER = "#1f2328", "#59636e", "#d8dee4", "#f4e6c8", "#ffffff"
WITHOUT, WITH = "#c8372d", "#1f6fbf"


def read_series(folder, kind, column):
    """[(time_s, value)] of the only scope of this kind."""
    with open(pathlib.Path(folder) / "timeseries.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["scope_kind"] == kind]
    scopes = {row["scope"] for row in rows}
    if len(scopes) != 1:
        raise SystemExit(f"{folder}: expected one {kind}, got {sorted(scopes)}")
    return [(float(row["time_s"]), float(row[column])) for row in rows if row[column]]


def text(x, y, content, size=13, colour=INK, anchor="start", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"'
            f' font-weight="{weight}">{content}</text>')


def panel(top, title, lines, ticks, highest, end, fault):
    """One diagram: `lines` = [(label, colour, points)], `ticks` = [(value, label)]."""
    def x(t): return LEFT + (WIDTH - LEFT - RIGHT) * t / end
    def y(v): return top + PANEL * (1 - min(v, highest) / highest)
    parts = [f'<rect x="{x(fault[0]):.1f}" y="{top}" width="{x(fault[1]) - x(fault[0]):.1f}" height="{PANEL}" fill="{BAND}"/>',
             text(LEFT, top - 10, title, weight="600")]
    for value, label in ticks:
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="{GRID}"/>')
        parts.append(text(LEFT - 8, y(value) + 4, label, 12, MUTED, "end"))
    for second in range(0, int(end) + 1, 30):
        parts.append(text(x(second), top + PANEL + 18, f"{second} s", 12, MUTED, "middle"))
    for label, colour, points in lines:
        path = " ".join(f"{x(t):.1f},{y(v):.1f}" for t, v in points)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round" points="{path}"/>')
        parts.append(text(WIDTH - RIGHT + 10, y(points[-1][1]) + 4, label, 13, colour, weight="600"))
    return parts


def draw(without, with_budget, fault):
    runs = [("no budget", WITHOUT, without), ("budget 20 %", WITH, with_budget)]

    def lines(kind, column):
        return [(label, colour, read_series(folder, kind, column)) for label, colour, folder in runs]

    success, amplification = lines("traffic", "success_rate"), lines("service", "amplification")
    step = success[0][2][1][0] - success[0][2][0][0]
    end = success[0][2][-1][0] + step
    height = TOP + 2 * PANEL + GAP + 40
    second = TOP + PANEL + GAP
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
             f'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" role="img" '
             f'aria-label="Success rate and amplification over time, with and without a retry budget">',
             f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
             text(LEFT, 24, "Ten slow seconds (shaded), then everything is healthy again. Only one of the two recovers.", 14, MUTED)]
    parts += panel(TOP, "Success rate", success, [(0, "0 %"), (0.5, "50 %"), (1, "100 %")], 1, end, fault)
    parts += panel(second, "Amplification: attempts per request at the service", amplification,
                   [(1, "1x"), (2, "2x"), (3, "3x"), (4, "4x")], 4.2, end, fault)
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("without", help="result folder of the run without a budget")
    parser.add_argument("with_budget", help="result folder of the run with one")
    parser.add_argument("--fault", nargs=2, type=float, required=True, metavar=("FROM", "TO"), help="seconds to shade")
    arguments = parser.parse_args()
    print(draw(arguments.without, arguments.with_budget, arguments.fault), end="")


if __name__ == "__main__":
    main()
