import { Button } from '@mantine/core';
import classes from './form-buttons.module.css';

interface FormButtonsProps {
  readonly submit: string;
  readonly cancel: string;
  readonly busy: boolean;
  readonly onCancel: () => void;
}

/** The end of a form: send it, or leave it. */
export function FormButtons({ submit, cancel, busy, onCancel }: FormButtonsProps) {
  return (
    <div className={classes.buttons}>
      <Button type="submit" loading={busy}>
        {submit}
      </Button>
      <Button variant="default" onClick={onCancel}>
        {cancel}
      </Button>
    </div>
  );
}
