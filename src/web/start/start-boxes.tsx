import { SegmentedControl } from '@mantine/core';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { webCapabilities } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import classes from './start-page.module.css';

const keptAs = 'gantry-start-box';

/** One box to start with; which one, the reader chooses, and this browser remembers. */
export function StartBoxes() {
  const { t } = useTranslation() as unknown as { t: Texts };
  const boxes = webCapabilities.flatMap(({ name, nav, StartBox }) =>
    StartBox && nav ? [{ name, nav, StartBox }] : [],
  );
  const [chosen, choose] = useState(() => localStorage.getItem(keptAs));
  const box = boxes.find(({ name }) => name === chosen) ?? boxes[0];
  if (!box) return null;
  return (
    <div className={classes.boxes}>
      {boxes.length > 1 && (
        <SegmentedControl
          aria-label={t('start:what')}
          value={box.name}
          data={boxes.map(({ name, nav }) => ({ value: name, label: nav.start(t) }))}
          onChange={(name) => {
            localStorage.setItem(keptAs, name);
            choose(name);
          }}
        />
      )}
      <Suspense key={box.name} fallback={<div className={classes.box} />}>
        <box.StartBox />
      </Suspense>
    </div>
  );
}
