"""Speech by the text-to-speech programs of Debian, for evaluation and calibration: formants, diphones, clustered units and hidden Markov
models. Words, timing and pitch are the program's as well.

Of flite and eSpeak NG other voices were trained on (pool.py), of Festival none. Speakers who lent a voice that was are left out.
Programs and voices that are missing are an error.
"""
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import sources

@dataclass(frozen=True)
class Voice:
    engine: str
    name: str
    language: str
    speaker: str


VOICES = [
    Voice("flite", "slt", "en", "slt"),
    Voice("espeak-ng", "de", "de", "eSpeak de"), Voice("espeak-ng", "ru+m4", "ru", "eSpeak m4"), Voice("espeak-ng", "cs+f4", "cs", "eSpeak f4"),
    Voice("espeak-ng", "it+m3", "it", "eSpeak m3"), Voice("espeak-ng", "fi+klatt2", "fi", "eSpeak klatt2"),
    Voice("festival", "ked_diphone", "en", "ked"), Voice("festival", "lp_diphone", "it", "lp"), Voice("festival", "pc_diphone", "it", "pc"),
    Voice("festival", "czech_ph", "cs", "ph"), Voice("festival", "czech_machac", "cs", "machac"), Voice("festival", "czech_dita", "cs", "dita"),
    Voice("festival", "suo_fi_lj_diphone", "fi", "lj"), Voice("festival", "hy_fi_mv_diphone", "fi", "mv"),
    Voice("festival-hts", "cmu_us_slt_arctic_hts", "en", "slt"), Voice("festival-hts", "upc_ca_ona_hts", "es", "ona"),
]
"""Pieces of each voice, and their shortest length in samples; a shorter one is said again."""
PIECES, SHORTEST = 6, 2 * sources.RATE
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
