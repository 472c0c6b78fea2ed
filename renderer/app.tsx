import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { Waiting } from './components/loaded.tsx'
import { Shell } from './components/shell.tsx'
import { DropOverlay } from './drop-overlay.tsx'

const Start = lazy(() => import('./views/start/start.tsx'))
const Intake = lazy(() => import('./views/intake/intake.tsx'))
const Triage = lazy(() => import('./views/triage/triage.tsx'))
const Bench = lazy(() => import('./views/bench/bench.tsx'))
const Match = lazy(() => import('./views/match/match.tsx'))
const Filing = lazy(() => import('./views/filing/filing.tsx'))
const Cases = lazy(() => import('./views/cases/cases.tsx'))
const CasePage = lazy(() => import('./views/cases/case.tsx'))
const RecordPage = lazy(() => import('./views/records/record.tsx'))
const RecordGraph = lazy(() => import('./views/records/record-graph.tsx'))
const Search = lazy(() => import('./views/search/search.tsx'))
const LibraryPart = lazy(() => import('./views/search/library-part.tsx'))
const Report = lazy(() => import('./views/reports/report.tsx'))
const Exchange = lazy(() => import('./views/exchange/exchange.tsx'))
const Models = lazy(() => import('./views/models/models.tsx'))
const ModelPage = lazy(() => import('./views/models/model.tsx'))
const NotFound = lazy(() => import('./views/not-found.tsx'))

/** Every screen and its address. Addresses live behind `#`, so that they work the same over http:// and app://. */
export function App() {
  const { t } = useTranslation()
  return (
    // oxlint-disable-next-line react/hooks -- the router calls it as the hook it is
    <Router hook={useHashLocation}>
      <Shell>
        <Suspense fallback={<Waiting label={t('common.loading')} />}>
          <Switch>
            <Route path="/" component={Start} />
            <Route path="/intake" component={Intake} />
            <Route path="/triage" component={Triage} />
            <Route path="/evidence/:id">{({ id }) => <Bench key={id} id={id} />}</Route>
            <Route path="/evidence/:id/at/:seconds">
              {({ id, seconds }) => <Bench key={id} id={id} at={Number(seconds)} />}
            </Route>
            <Route path="/evidence/:id/cited/:place">
              {({ id, place }) => <Bench key={id} id={id} cited={place} />}
            </Route>
            <Route path="/evidence/:id/file">{({ id }) => <Filing key={id} id={id} />}</Route>
            <Route path="/match/:matchId">{({ matchId }) => <Match key={matchId} id={matchId} />}</Route>
            <Route path="/cases" component={Cases} />
            <Route path="/cases/:id">{({ id }) => <CasePage key={id} id={id} />}</Route>
            <Route path="/cases/:id/report">{({ id }) => <Report key={id} caseId={id} />}</Route>
            <Route path="/cases/:id/exchange">{({ id }) => <Exchange key={id} caseId={id} />}</Route>
            <Route path="/exchange">{() => <Exchange />}</Route>
            <Route path="/cases/:id/:tab">{({ id, tab }) => <CasePage key={id} id={id} tab={tab} />}</Route>
            <Route path="/records/:id">{({ id }) => <RecordPage key={id} id={id} />}</Route>
            <Route path="/records/:id/said/:statement">
              {({ id, statement }) => <RecordPage key={id} id={id} statement={statement} />}
            </Route>
            <Route path="/records/:id/graph">{({ id }) => <RecordGraph key={id} id={id} />}</Route>
            <Route path="/search" component={Search} />
            <Route path="/all/:part">{({ part }) => <LibraryPart key={part} part={part} />}</Route>
            <Route path="/models" component={Models} />
            <Route path="/models/:id">{({ id }) => <ModelPage key={id} id={id} />}</Route>
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Shell>
      <DropOverlay />
    </Router>
  )
}
