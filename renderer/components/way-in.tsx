/** Where files come in: what may be dropped here, the ways to choose it, and a path on the machine that runs Assay. */
import { Button, TextInput } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import styles from './way-in.module.css'

export interface WayInProps {
  /** Name of the section for who does not see it. */
  readonly label: string
  readonly lead: string
  readonly help: string
  readonly path: {
    readonly label: string
    /** On the button. */
    readonly take: string
    onPath(path: string): void
  }
  readonly busy: boolean
  /** Buttons that choose. */
  readonly ways: ReactNode
  /** Below, and what is not seen. */
  readonly children?: ReactNode
}

export function WayIn({ label, lead, help, path, busy, ways, children }: WayInProps) {
  const [typed, setTyped] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    path.onPath(typed.trim())
    setTyped('')
  }
  return (
    <section className={styles.zone} aria-label={label}>
      <IconUpload size={24} stroke={1.4} aria-hidden="true" className={styles.icon} />
      <div className={styles.words}>
        <strong>{lead}</strong>
        <p>{help}</p>
      </div>
      <div className={styles.ways}>
        {ways}
        <form className={styles.path} onSubmit={submit}>
          <TextInput
            aria-label={path.label}
            placeholder={path.label}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            spellCheck={false}
            dir="ltr"
          />
          <Button type="submit" variant="default" disabled={!typed.trim() || busy}>
            {path.take}
          </Button>
        </form>
      </div>
      {children}
    </section>
  )
}
