import { Button, Checkbox, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { Likelihood } from '../../../main/contract/common.ts'
import { api } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { notifyDone } from '../../components/notify.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Panel } from '../../components/panel.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { pointsElsewhere } from './disagreement.ts'
import { Indicators } from './indicators.tsx'
import { LikelihoodField } from './likelihood-field.tsx'
import { LinksEditor, type DraftLink } from './links-editor.tsx'
import styles from './filing.module.css'

type ConfidenceChoice = 'none' | 'low' | 'moderate' | 'high'

/** Files one item: the analyst's own judgement first, then where it goes and what it is linked to. */
export default function Filing({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const evidence = useQuery(api.intake.evidence.queryOptions({ input: { id } }))
  return (
    <>
      <PageHeader
        title={t('filing.title')}
        lead={
          evidence.data ? (
            <span className={styles.subject}>
              <bdi className="untrusted">{evidence.data.evidence.name}</bdi>{' '}
              <TlpBadge tlp={evidence.data.evidence.tlp} />
            </span>
          ) : (
            t('filing.lead')
          )
        }
        actions={
          <Button component={Link} href={`/evidence/${id}`} variant="default">
            {t('filing.back')}
          </Button>
        }
      />
      <Loaded query={evidence}>{({ caseIds }) => <Form evidenceId={id} filedIn={caseIds[0] ?? null} />}</Loaded>
    </>
  )
}

function Form({ evidenceId, filedIn }: { readonly evidenceId: string; readonly filedIn: string | null }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const cases = useQuery(api.cases.list.queryOptions())
  const found = useQuery(api.findings.forEvidence.queryOptions({ input: { evidenceId } }))

  const [judging, setJudging] = useState(true)
  const [statement, setStatement] = useState<string>(t('filing.statementDefault'))
  const [likelihood, setLikelihood] = useState<Likelihood | null>(null)
  const [confidence, setConfidence] = useState<ConfidenceChoice>('none')
  const [reasoning, setReasoning] = useState('')
  const [author, setAuthor] = useState(() => window.localStorage.getItem('assay.author') ?? 'analyst')
  const [cited, setCited] = useState<string[]>([])
  const [revealed, setRevealed] = useState(false)
  const [caseId, setCaseId] = useState<string | null>(filedIn)
  const [newTitle, setNewTitle] = useState('')
  const [newQuestion, setNewQuestion] = useState('')
  const [into, setInto] = useState<'existing' | 'new' | null>(null)
  const [note, setNote] = useState('')
  const [links, setLinks] = useState<DraftLink[]>([])
  const [problem, setProblem] = useState<string | null>(null)

  const place = into ?? (cases.data && cases.data.length === 0 ? 'new' : 'existing')
  const shown = revealed || likelihood !== null || !judging
  const file = useMutation(
    api.cases.file.mutationOptions({
      onSuccess(detail) {
        notifyDone(t('filing.done', { title: detail.case.title }))
        navigate(`/cases/${detail.case.id}`)
      },
    }),
  )

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const wrong =
      judging && !statement.trim()
        ? t('filing.needJudgement')
        : (place === 'existing' && !caseId) || (place === 'new' && !newTitle.trim())
          ? t('filing.needCase')
          : links.some((link) => !link.relation || (!link.entityId && !link.name.trim()))
            ? t('filing.needTarget')
            : null
    setProblem(wrong)
    if (wrong) return
    window.localStorage.setItem('assay.author', author)
    file.mutate({
      evidenceId,
      into: place === 'existing' ? { caseId: caseId! } : { create: { title: newTitle, question: newQuestion } },
      judgement: judging
        ? {
            statement,
            likelihood,
            confidence: confidence === 'none' ? null : confidence,
            reasoning,
            findingIds: cited,
            author: author.trim() || 'analyst',
          }
        : null,
      links: links.map((link) => ({
        relation: link.relation!,
        target: link.entityId ? { entityId: link.entityId } : { create: { kind: link.kind, name: link.name.trim() } },
        note: '',
      })),
      note,
    })
  }

  return (
    <form className={styles.page} onSubmit={submit} noValidate>
      <div className={styles.column}>
        <Panel
          title={t('filing.judgement')}
          actions={
            <Checkbox
              size="xs"
              label={t('filing.withoutJudgement')}
              checked={!judging}
              onChange={(event) => setJudging(!event.currentTarget.checked)}
            />
          }
        >
          {judging ? (
            <div className={styles.fields}>
              <TextInput
                label={t('filing.statement')}
                description={t('filing.statementHelp')}
                value={statement}
                onChange={(event) => setStatement(event.currentTarget.value)}
                maxLength={500}
                dir="auto"
                required
              />
              <LikelihoodField value={likelihood} onChange={setLikelihood} />
              <fieldset className={styles.field}>
                <legend className={styles.legend}>{t('filing.confidence')}</legend>
                <p className={styles.help}>{t('filing.confidenceHelp')}</p>
                <SegmentedControl
                  aria-label={t('filing.confidence')}
                  value={confidence}
                  onChange={(value) => setConfidence(value as ConfidenceChoice)}
                  data={(['none', 'low', 'moderate', 'high'] as const).map((value) => ({
                    value,
                    label: t(`filing.confidences.${value}`),
                  }))}
                />
              </fieldset>
              <Textarea
                label={t('filing.reasoning')}
                description={t('filing.reasoningHelp')}
                value={reasoning}
                onChange={(event) => setReasoning(event.currentTarget.value)}
                autosize
                minRows={3}
                maxRows={14}
                maxLength={20_000}
                dir="auto"
              />
              {shown && found.data?.findings.length ? (
                <fieldset className={styles.field}>
                  <legend className={styles.legend}>{t('filing.cite')}</legend>
                  <div className={styles.cites}>
                    {found.data.findings
                      .filter((finding) => finding.output.applicability.state === 'ran')
                      .map((finding) => (
                        <Checkbox
                          key={finding.id}
                          size="xs"
                          label={finding.output.id}
                          checked={cited.includes(finding.id)}
                          onChange={(event) => {
                            const chosen = event.currentTarget.checked
                            setCited((ids) =>
                              chosen ? [...ids, finding.id] : ids.filter((known) => known !== finding.id),
                            )
                          }}
                        />
                      ))}
                  </div>
                </fieldset>
              ) : null}
              <TextInput
                label={t('filing.author')}
                value={author}
                onChange={(event) => setAuthor(event.currentTarget.value)}
                maxLength={200}
                className={styles.narrow}
                dir="auto"
              />
            </div>
          ) : (
            <p className={styles.help}>{t('filing.withoutJudgementHelp')}</p>
          )}
        </Panel>
      </div>
      <div className={styles.column}>
        <Indicators
          priority={found.data?.priority ?? null}
          shown={shown}
          onReveal={() => setRevealed(true)}
          disagrees={
            judging &&
            statement === t('filing.statementDefault') &&
            pointsElsewhere(likelihood, found.data?.priority?.band)
          }
        />
        <Panel title={t('filing.where')}>
          <div className={styles.fields}>
            <SegmentedControl
              aria-label={t('filing.where')}
              value={place}
              onChange={(value) => setInto(value as 'existing' | 'new')}
              data={[
                { value: 'existing', label: t('filing.existing') },
                { value: 'new', label: t('filing.createNew') },
              ]}
            />
            {place === 'existing' ? (
              <Select
                label={t('filing.caseField')}
                placeholder={t('filing.casePick')}
                data={(cases.data ?? []).map((known) => ({ value: known.id, label: known.title }))}
                value={caseId}
                onChange={setCaseId}
                searchable
                clearable
              />
            ) : (
              <>
                <TextInput
                  label={t('filing.caseTitle')}
                  value={newTitle}
                  onChange={(event) => setNewTitle(event.currentTarget.value)}
                  maxLength={300}
                  dir="auto"
                  required
                />
                <TextInput
                  label={t('filing.caseQuestion')}
                  value={newQuestion}
                  onChange={(event) => setNewQuestion(event.currentTarget.value)}
                  dir="auto"
                />
              </>
            )}
            <TextInput
              label={t('filing.note')}
              description={t('filing.noteHelp')}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              dir="auto"
            />
          </div>
        </Panel>
        <Panel title={t('filing.links')}>
          <LinksEditor links={links} onChange={setLinks} />
        </Panel>
        {problem ? (
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        ) : null}
        {file.isError ? <ErrorNotice error={file.error} /> : null}
        <div className={styles.end}>
          <Button type="submit" size="sm" loading={file.isPending}>
            {t('filing.submit')}
          </Button>
        </div>
      </div>
    </form>
  )
}
