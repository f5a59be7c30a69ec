// What a report says about itself, as sentences: what it rests on, what it cannot see, how it is checked. Paper, page, CSV and
// JSON all carry the same ones.

import { cellTexts } from '../../core/report/cell-text.ts';
import type { Gap } from '../../core/report/coverage.ts';
import type { Report, Section } from '../../core/report/report.ts';
import { fillText } from '../fill-text.ts';
import { frameWords } from './frame-words.ts';
import type { FrameWords } from './frame-words.ts';

export interface Statements {
  readonly coverage: readonly string[];
  readonly limits: readonly string[];
  readonly evidence: readonly string[];
}

type Texts = ReturnType<typeof cellTexts>;

export function statementsOf(report: Report): Statements {
  const words = frameWords[report.language];
  const text = cellTexts(report.clinic.timezone, words);
  if (report.isForPatient) return copyStatements(report, words, text);
  return {
    coverage: coverageSentences(report, words, text),
    limits: [...report.limits, ...words.unseen],
    evidence: evidenceSentences(report, words, text),
  };
}

/** `2026-10-01 00:00:00 to 2026-11-01 00:00:00 (America/Chicago)`. */
export function periodText({ period, clinic: { timezone }, language }: Report): string {
  const text = cellTexts(timezone, frameWords[language]);
  return fillText(frameWords[language].fromTo, {
    from: text(period.since, 'time'),
    until: text(period.until, 'time'),
    timezone,
  });
}

/** What a table says above its rows, and that it was cut where it was. */
export function sectionNotes({ notes, rows, total }: Section, words: FrameWords): readonly string[] {
  if (total === null) return [...notes, fillText(words.cutUncounted, { shown: rows.length })];
  return total > rows.length ? [...notes, fillText(words.cut, { shown: rows.length, total })] : notes;
}

function coverageSentences({ coverage, clinic }: Report, words: FrameWords, text: Texts): string[] {
  const { records, together, indexed, gaps, gapCount, unwatchedMilliseconds, unresolvedRequests, unknownPatients } = coverage;
  const covered =
    records === null
      ? words.noRecords
      : fillText(together === undefined ? words.records : words.recordsTogether, {
          logs: together?.logs ?? 1,
          first: text(records.first, 'record'),
          last: text(records.last, 'record'),
          count: text(records.count, 'number'),
          firstTime: text(records.firstTime, 'time'),
          lastTime: text(records.lastTime, 'time'),
        });
  const unwatched = { count: gapCount, duration: text(unwatchedMilliseconds, 'duration') };
  return [
    covered,
    fillText(words.indexed, { indexed: text(indexed, 'record') }),
    ...(gapCount === 0 && records === null ? [] : [gapCount === 0 ? words.noGap : fillText(words.gaps, unwatched)]),
    ...gaps.map((gap) => gapSentence(gap, words, text)),
    ...(gapCount > gaps.length ? [fillText(words.gapsCut, { shown: gaps.length })] : []),
    unresolvedRequests === 0 ? words.noUnresolved : fillText(words.unresolved, { count: text(unresolvedRequests, 'number') }),
    ...(unknownPatients === 0 ? [] : [fillText(words.unknown, { count: unknownPatients })]),
    fillText(words.zone, { timezone: clinic.timezone }),
  ];
}

function gapSentence({ kind, after, before, from, until }: Gap, words: FrameWords, text: Texts): string {
  const around = { after: text(after, 'record'), before: text(before, 'record') };
  const both = after !== null && before !== null ? words.betweenRecords : words.noRecordAround;
  const one = after !== null ? words.afterRecord : words.beforeRecord;
  return fillText(words.gap, {
    from: text(from, 'time'),
    until: text(until, 'time'),
    duration: text(until - from, 'duration'),
    what: words.gapKinds[kind],
    records: fillText((after === null) === (before === null) ? both : one, around),
  });
}

function evidenceSentences({ evidence, coverage, made }: Report, words: FrameWords, text: Texts): string[] {
  const { checkpoint, anchors, verification } = evidence;
  if (checkpoint === null) return [words.noCheckpoint];
  const { origin, size } = checkpoint;
  const { together, records } = coverage;
  const isBeyond = ((together === undefined ? records?.last : together.ownLast) ?? 0) > size;
  return [
    `${words.log}: ${origin}`,
    ...(together === undefined ? [] : [fillText(words.otherLogs, { logs: together.logs })]),
    checkpointSentence(checkpoint, words, text),
    ...(isBeyond ? [fillText(words.beyond, { size })] : []),
    ...(anchors.some(({ isNear }) => !isNear) ? [] : [words.unanchored]),
    ...anchors.map((anchor) => anchorSentence(anchor, made, words, text)),
    ...(verification === null ? [words.notVerified] : verificationSentences(verification, words, text)),
    words.how,
  ];
}

/** For a patient: the same in plain words, without the parts of our house. */
function copyStatements({ coverage, evidence, clinic, limits }: Report, { copy, ...words }: FrameWords, text: Texts): Statements {
  const { records, gapCount, unwatchedMilliseconds } = coverage;
  const unwatched = { count: gapCount, duration: text(unwatchedMilliseconds, 'duration') };
  const covered =
    records === null
      ? [words.noRecords]
      : [
          fillText(copy.covered, {
            firstTime: text(records.firstTime, 'time'),
            lastTime: text(records.lastTime, 'time'),
          }),
          gapCount === 0 ? copy.noGap : fillText(copy.gaps, unwatched),
        ];
  const { checkpoint } = evidence;
  return {
    coverage: [...covered, fillText(words.zone, { timezone: clinic.timezone })],
    limits: [...limits, ...copy.unseen],
    evidence: [copy.how, ...(checkpoint === null ? [] : [checkpointSentence(checkpoint, { ...words, copy }, text)])],
  };
}

function checkpointSentence(
  { size, root, time, keyId }: NonNullable<Report['evidence']['checkpoint']>,
  words: FrameWords,
  text: Texts,
): string {
  return fillText(words.checkpoint, { size, root, time: text(time, 'time'), key: keyId });
}

function anchorSentence(
  { where, size, at, failure, isNear }: Report['evidence']['anchors'][number],
  made: number,
  words: FrameWords,
  text: Texts,
): string {
  if (isNear) return fillText(words.anchorNear, { where });
  if (failure !== null) return fillText(words.anchorFailed, { where, failure });
  if (at === null) return fillText(words.anchorNever, { where });
  return fillText(words.anchored, { where, size, age: text(Math.max(0, made - at), 'duration') });
}

function verificationSentences(
  { sound, records, checkpoints, findings }: NonNullable<Report['evidence']['verification']>,
  words: FrameWords,
  text: Texts,
): string[] {
  const said = sound ? fillText(words.verified, { records: text(records, 'number'), checkpoints }) : words.unsound;
  return [said, ...findings];
}
