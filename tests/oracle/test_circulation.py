"""The circulation of the simulator beside another solver.

Written from core/src/simulate/circulation/equations.md, not from the Rust: SciPy's adaptive LSODA goes through the beats,
and the mean pressures where it settles are compared. Needs numpy, scipy, pyyaml and pytest:

    python -m pytest tests/oracle
"""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.integrate import solve_ivp

ROOT = Path(__file__).resolve().parents[2]
# Every unit of the file in mm Hg, mL, seconds.
UNITS = {"min": 60.0}
NEAR = 0.1  # mm Hg


def parameters():
    text = (ROOT / "protocols/simulation/physiology.yaml").read_text()
    found = yaml.safe_load(text)
    groups = {}
    for group, members in found.items():
        if group == "sources" or not isinstance(members, dict):
            continue
        groups[group] = {}
        for name, stated in members.items():
            number, _, unit = str(stated["value"]).partition(" ")
            groups[group][name] = float(number) * UNITS.get(unit, 1.0)
    return groups


def activation(t, rise, fall):
    if t < rise:
        return (1 - np.cos(np.pi * t / rise)) / 2
    if t < rise + fall:
        return (1 + np.cos(np.pi * (t - rise) / fall)) / 2
    return 0.0


class Body:
    """One state: volumes in the order lv, rv, la, ra, systemic arteries and veins, pulmonary arteries and veins."""

    def __init__(self, values, state):
        self.h, self.v = values["heart"], values["vessels"]
        self.reflex, self.balloon, self.lung = values["reflex"], values["balloon"], values["ecmo"]
        self.c = state["condition"]
        self.set_point = state["set_point"]
        self.T = 60 / self.c["heart_rate"]
        self.Tes = self.h["systole_offset"] + self.h["systole_share"] * self.T
        self.Tr = min(self.h["relaxation_share"] * self.Tes, self.T - self.Tes)
        support = state["support"]
        self.ratio = support["balloon"]
        self.set_flow = support["ecmo"] * 1000 / 60
        self.pump = None
        if support["pump"]:
            kind, level = support["pump"]
            p = values[{"ImpellaCp": "impella_cp", "Impella55": "impella_5_5"}[kind]]
            free = p["flow_on_ecmo"] if support["ecmo"] > 0 else p["flow"]
            self.pump = (free * p[f"p{level}"] / p["reference_speed"], p)

    def parts(self, t, V, f, assisted):
        h, v, c = self.h, self.v, self.c
        ev = activation(t, self.Tes, self.Tr)
        ea = activation((t + h["atrial_lead"]) % self.T, h["atrial_rise"], h["atrial_fall"])
        peri = max(
            0.0,
            h["pericardial_stiffness"] * (np.exp(h["pericardial_exponent"] * (sum(V[:4]) - h["pericardial_volume"])) - 1),
        )

        def chamber(vol, e, E, A, B):
            d = vol - h["unstressed_volume"]
            return e * E * d + (1 - e) * A * (np.exp(B * d) - 1) + peri

        lv = chamber(V[0], ev, c["lv_elastance"], h["ventricular_stiffness"], h["lv_exponent"])
        rv = chamber(V[1], ev, c["rv_elastance"], h["ventricular_stiffness"], h["rv_exponent"])
        la = chamber(V[2], ea, h["la_elastance"], h["atrial_stiffness"], h["la_exponent"])
        ra = chamber(V[3], ea, h["ra_elastance"], h["atrial_stiffness"], h["ra_exponent"])
        b = 0.0
        if assisted and t > self.Tes:
            x = min(1.0, (t - self.Tes) / self.balloon["ramp"], (self.T - t) / self.balloon["ramp"])
            b = self.balloon["volume"] * (1 - np.cos(np.pi * x)) / 2
        sa = (V[4] + b) / v["systemic_artery_compliance"]
        sv = V[5] / v["systemic_vein_compliance"]
        pa = V[6] / v["pulmonary_artery_compliance"]
        pv = V[7] / v["pulmonary_vein_compliance"]
        aortic = max(0.0, lv - sa) / v["aortic_outlet_resistance"]
        pulmonary = max(0.0, rv - pa) / v["pulmonary_outlet_resistance"]
        mitral = max(0.0, la - lv) / v["inlet_resistance"]
        tricuspid = max(0.0, ra - rv) / v["inlet_resistance"]
        tissues = (sa - sv) / (c["systemic_resistance"] * f)
        lungs = (pa - pv) / c["pulmonary_resistance"]
        back = (sv - ra) / v["venous_resistance"]
        drained = (pv - la) / v["venous_resistance"]
        pump = 0.0
        if self.pump:
            q0, p = self.pump
            drawn = np.clip((V[0] - p["suction_volume"]) / p["suction_span"], 0, 1)
            pump = max(0.0, q0 - p["slope"] * (sa - lv)) * drawn
        ecmo = self.set_flow * np.clip((ra - self.lung["suction_pressure"]) / self.lung["suction_span"], 0, 1)
        change = [
            mitral - aortic - pump,
            tricuspid - pulmonary,
            drained - mitral,
            back - tricuspid - ecmo,
            aortic + pump + ecmo - tissues,
            tissues - back,
            pulmonary - lungs,
            lungs - drained,
        ]
        return change, (sa, la, ra, pa, aortic + pump + ecmo)

    def beat(self, V, f, assisted):
        """One beat: volumes and the integrals of the pressures go together, in parts so that no kink is jumped over."""

        def rhs(t, y):
            change, looked_at = self.parts(t, y[:8], f, assisted)
            return [*change, *looked_at]

        y = np.concatenate([V, np.zeros(5)])
        edges = sorted({0.0, self.Tes, self.Tes + self.Tr, self.T, self.T - self.h["atrial_lead"]})
        for start, end in zip(edges, edges[1:]):
            y = solve_ivp(rhs, (start, end), y, method="LSODA", rtol=1e-6, atol=1e-6, max_step=0.01).y[:, -1]
        return y[:8], y[8:] / self.T

    def factor(self, pressure):
        if self.set_point is None:
            return 1.0
        r = self.reflex
        return min(r["highest"], max(r["lowest"], 1 + r["gain"] * (self.set_point - pressure) / self.set_point))

    def settle(self):
        """Beats until nothing moves. The blood starts spread by compliance, which is not where the Rust starts."""
        V = np.array([110.0, 110, 70, 70, 100, 0, 50, 150])
        V[5] = self.c["stressed_volume"] - V.sum()
        f, period = 1.0, self.ratio or 1
        for _ in range(400):
            before, means = V, []
            for beat in range(period):
                V, mean = self.beat(V, f, self.ratio is not None and beat == 0)
                means.append(mean)
            mean = np.mean(means, axis=0)
            wanted = self.factor(mean[0])
            if np.abs(V - before).max() < 2e-3 and abs(wanted - f) < 2e-5:
                return mean
            f += 0.5 * (wanted - f)
        raise AssertionError("did not settle")


def states():
    """What the example prints; from a file, where CIRCULATION_STATES names one."""
    if kept := os.environ.get("CIRCULATION_STATES"):
        return [json.loads(line) for line in Path(kept).read_text().splitlines()]
    command = ["cargo", "run", "--locked", "--quiet", "-p", "shockpath-tests", "--example", "circulation"]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture(scope="module")
def found():
    return {state["name"]: state for state in states()}


NAMES = """healthy shock impella_cp_p8 impella_cp_p4 impella_5_5_p9 balloon_1_1 balloon_1_2 ecmo_2 ecmo_4
ecmo_4_impella_cp_p8 ecmo_4_balloon_1_1 right_ventricle_fails two_drugs""".split()


def test_every_state_is_compared(found):
    assert sorted(found) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_another_solver_settles_at_the_same_pressures(found, name):
    state = found[name]
    map_, lap, rap, mpap, flow = Body(parameters(), state).settle()
    means = state["means"]
    output = means["native"] + means["pump"] + means["ecmo"]
    apart = {
        "map": means["map"] - map_,
        "lap": means["lap"] - lap,
        "rap": means["rap"] - rap,
        "mpap": means["mpap"] - mpap,
    }
    print(name, {key: round(value, 4) for key, value in apart.items()}, round(output - flow * 0.06, 4))
    assert all(abs(value) < NEAR for value in apart.values()), apart
    assert abs(output - flow * 0.06) < 0.02
