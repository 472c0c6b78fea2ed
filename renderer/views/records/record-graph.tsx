import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api } from '../../client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import GraphScreen from '../graph/graph.tsx'
import styles from './records.module.css'

/** What a record is linked to, two steps far, whatever case it is in. */
export default function RecordGraph({ id }: { readonly id: string }) {
  const detail = useQuery(api.records.get.queryOptions({ input: { id } }))
  return (
    <Loaded query={detail}>
      {({ entity }) => (
        <>
          <PageHeader
            documentTitle={entity.name}
            title={
              <Link href={`/records/${id}`}>
                <bdi>{entity.name}</bdi>
              </Link>
            }
          />
          <div className={styles.graph}>
            <GraphScreen start={{ recordId: entity.id }} title={entity.name} />
          </div>
        </>
      )}
    </Loaded>
  )
}
