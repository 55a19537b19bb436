import { TextInput, type TextInputProps } from '@mantine/core';
import { fieldError } from './field-error.tsx';

interface TextFieldProps extends Omit<TextInputProps, 'error'> {
  readonly error?: string | undefined;
}

/** A line of text with its error under it. */
export function TextField({ error, ...rest }: TextFieldProps) {
  return <TextInput {...rest} error={fieldError(error)} />;
}
