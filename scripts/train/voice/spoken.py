"""Speech by the text-to-speech programs of Debian: formants, diphones, clustered units and hidden Markov models.

Unlike the copies of pool.py it has no original: words, timing and pitch are the program's as well. Which voice trains and which
tests is fixed here; a speaker who lent more than one voice never parts. Programs and voices that are missing are an error: pieces depend on nothing else on the machine.
"""
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import sources

PACKAGES = ["flite", "espeak-ng", "festival", "festvox-kallpc16k", "festvox-kdlpc16k", "festvox-italp16k", "festvox-itapc16k",
            "festvox-czech-ph", "festvox-czech-dita", "festvox-czech-machac", "festvox-suopuhe-lj", "festvox-suopuhe-mv",
            "festvox-us-slt-hts", "festvox-ca-ona-hts"]


@dataclass(frozen=True)
class Voice:
    engine: str
    name: str
    language: str
    part: str

    @property
    def speaker(self) -> str:
        return next((name for name in ("kal", "slt") if name in self.name), f"{self.engine} {self.name}")


"""`kal` spoke for flite and Festival, `slt` for flite and HTS."""
VOICES = [
    Voice("flite", "kal16", "en", "train"), Voice("flite", "awb", "en", "train"), Voice("flite", "rms", "en", "train"),
    Voice("flite", "slt", "en", "test"),
    Voice("espeak-ng", "en-us", "en", "train"), Voice("espeak-ng", "en-gb+f3", "en", "train"), Voice("espeak-ng", "it+m3", "it", "test"),
    Voice("espeak-ng", "fr", "fr", "train"), Voice("espeak-ng", "es+f2", "es", "train"), Voice("espeak-ng", "fi+klatt2", "fi", "test"),
    Voice("espeak-ng", "de", "de", "test"), Voice("espeak-ng", "ru+m4", "ru", "test"), Voice("espeak-ng", "cs+f4", "cs", "test"),
    Voice("festival", "kal_diphone", "en", "train"), Voice("festival", "ked_diphone", "en", "train"),
    Voice("festival", "pc_diphone", "it", "train"), Voice("festival", "czech_ph", "cs", "train"),
    Voice("festival", "czech_machac", "cs", "test"), Voice("festival", "suo_fi_lj_diphone", "fi", "train"),
    Voice("festival", "lp_diphone", "it", "test"), Voice("festival", "czech_dita", "cs", "test"),
    Voice("festival", "hy_fi_mv_diphone", "fi", "test"),
    Voice("festival-hts", "cmu_us_slt_arctic_hts", "en", "test"), Voice("festival-hts", "upc_ca_ona_hts", "es", "train"),
]
"""Pieces of each voice, and their shortest length in samples; a shorter one is said again."""
PIECES, SHORTEST = 14, 2 * sources.RATE
"""Without letters that the programs' encodings lack."""
TEXTS = {
    "en": ["The committee met again on Thursday to discuss the new budget and the plans for the coming year.",
           "Heavy rain is expected along the coast this evening, while the north will stay dry and cold.",
           "She told reporters that nobody had been informed before the decision was taken by the board.",
           "Please remember that the library closes at six, and that all books have to be returned today.",
           "We interrupt this programme for a message from the office of the president.",
           "Three bridges were closed on Monday morning. No date was given for their opening.",
           "Who ordered it, and when? The ministry did not answer our questions."],
    "it": ["Il ponte resta chiuso da questa mattina e nessuno sa dire quando sarebbe aperto di nuovo.",
           "Interrompiamo questo programma per un messaggio del presidente. Restate calmi e nelle vostre case.",
           "La riunione di domani comincia alle nove. Chi ha domande le scriva prima di sera.",
           "Domani il tempo sarebbe bello al nord, con vento forte lungo la costa."],
    "cs": ["Vlada dnes oznamila, ze most zustane zavreny az do konce roku.",
           "Prerusujeme vysilani kvuli zprave od prezidenta. Zustante doma a v klidu.",
           "Zitra bude na severu sucho a chladno, odpoledne prijde od zapadu silny vitr.",
           "Kdo to naridil a kdy? Ministerstvo na nase otazky neodpovedelo."],
    "fi": ["Hallitus kertoi tiistaina, ettei silta avaudu ennen vuoden loppua.",
           "Keskeytamme ohjelman tiedotteen vuoksi. Pysykaa rauhallisina ja kotona.",
           "Huomenna pohjoisessa on kuivaa ja kylmaa, illalla tuuli voimistuu rannikolla.",
           "Kuka siita paatti ja milloin? Ministerio ei vastannut kysymyksiimme."],
    "fr": ["Le pont reste ferme depuis ce matin et personne ne sait quand il va ouvrir.",
           "Nous interrompons ce programme pour un message du president. Restez calmes.",
           "Demain il fera froid dans le nord, avec un vent fort le long de la mer.",
           "La commission se rassemble encore jeudi pour parler du budget."],
    "es": ["El puente sigue cerrado desde la manana y nadie sabe cuando se abre de nuevo.",
           "Interrumpimos este programa para un mensaje del presidente. Mantengan la calma.",
           "El norte queda seco y frio, con viento fuerte en la costa por la tarde.",
           "La comision se reunio otra vez el jueves para hablar del presupuesto."],
    "de": ["Die Regierung teilte am Abend mit, dass die Grenze bis auf weiteres geschlossen bleibt.",
           "Wir unterbrechen das Programm. Bitte bleiben Sie ruhig und zu Hause.",
           "Morgen bleibt es im Norden trocken und kalt, am Abend kommt Wind auf.",
           "Wer das angeordnet hat und wann, sagte das Ministerium nicht."],
    "ru": ["Правительство сообщило вечером, что граница останется закрытой до конца года.",
           "Мы прерываем программу. Оставайтесь дома и сохраняйте спокойствие.",
           "Завтра на севере будет сухо и холодно, вечером усилится ветер.",
           "Кто отдал приказ и когда, министерство не ответило."],
}


def versions() -> list[str]:
    """`package version` lines of what is installed."""
    shown = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES], stdout=subprocess.PIPE, check=True)
    return shown.stdout.decode().splitlines()


def say(voice: Voice, text: str, rng) -> np.ndarray:
    """Samples [n] int16 at sources.RATE; speed and pitch are drawn around the voice's own."""
    slower, higher = rng.uniform(0.85, 1.2), rng.uniform(0.88, 1.12)
    if voice.engine == "espeak-ng":
        wav = subprocess.run(["espeak-ng", "-v", voice.name, "-s", str(round(165 / slower)), "-p", str(round(50 * higher)), "--stdout"],
                             input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
        return sources.decode(None, data=wav)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.wav"
        if voice.engine == "flite":
            subprocess.run(["flite", "-voice", voice.name, "--setf", f"duration_stretch={slower:.2f}", "-t", text, "-o", path], check=True)
        else:
            subprocess.run(["text2wave", "-eval", f"(voice_{voice.name})", "-eval", f"(Parameter.set 'Duration_Stretch {slower:.2f})", "-o", path],
                           input=text.encode(), stderr=subprocess.DEVNULL, check=True)
        return sources.decode(path)


def pieces() -> list[tuple[Voice, np.ndarray]]:
    """PIECES pieces [sources.PIECE] int16 of every voice, each of one or two sentences."""
    made = []
    for number, voice in enumerate(VOICES):
        rng = np.random.default_rng(100 + number)
        for _ in range(PIECES):
            texts = TEXTS[voice.language]
            text = " ".join(texts[i] for i in rng.choice(len(texts), 2, replace=False))
            sound = sources.trim(say(voice, text, rng), rng)
            if len(sound) < SHORTEST:
                raise ValueError(f"{voice.engine} {voice.name} said {len(sound) / sources.RATE:.1f} s")
            made.append((voice, np.resize(sound, sources.PIECE)))
    return made
