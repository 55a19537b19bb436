import type { AskedQuestion } from './question-panel.tsx';

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Words for an answer that was not sent yet: kept by the browser until it is closed, so that a way to the run and back loses none. */
export interface KeptComment {
  readonly comment: string;
  write(comment: string): void;
  done(): void;
}

/** Of one asking: a later question begins without words. A browser that keeps nothing does no harm. */
export function keptComment(
  place: () => Place,
  { runId, signal, ordinal }: Pick<AskedQuestion, 'runId' | 'signal' | 'ordinal'>,
): KeptComment {
  const key = `gantry-answer:${runId}:${signal}:${ordinal}`;
  const attempt = <Result>(work: (place: Place) => Result): Result | null => {
    try {
      return work(place());
    } catch {
      return null;
    }
  };
  return {
    comment: attempt((kept) => kept.getItem(key)) ?? '',
    write: (comment) =>
      void attempt((kept) => (comment === '' ? kept.removeItem(key) : kept.setItem(key, comment))),
    done: () => void attempt((kept) => kept.removeItem(key)),
  };
}
