/** @file A product: its pictures by slot, the empty slots, and where it could be sold as it is. */
import type { Product } from '../../../../src/contract/products.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { PictureTile } from './picture-tile.tsx'
import { GradeMark, StatusMark } from './status-mark.tsx'

interface ProductProps {
  readonly product: Product
  readonly onOpen: (id: number) => void
}

export function ProductCard({ product, onOpen }: ProductProps) {
  const main = product.pictures[0]
  return (
    <li aria-label={product.sku} className="flex min-w-0 flex-col gap-3 rounded-2xl border border-line bg-surface p-4">
      <div className="flex items-baseline justify-between gap-3">
        {/* whole: what tells two long ones apart stands at their end */}
        <h2 className="min-w-0 font-semibold wrap-anywhere">{product.sku}</h2>
        <span className="shrink-0 text-xs text-muted tabular-nums">{countOf(product.pictures.length, 'picture')}</span>
      </div>
      {product.name && (
        <p title={product.name} className="-mt-2 line-clamp-2 text-sm text-muted wrap-anywhere">
          {product.name}
        </p>
      )}
      <div className="grid grid-cols-3 gap-2.5">
        {product.pictures.map((picture) => (
          <PictureTile key={picture.id} picture={picture} label={picture.slot ?? 'no slot'} onOpen={onOpen} />
        ))}
      </div>
      {product.missing.length > 0 && <p className="text-xs text-muted">Missing: {product.missing.join(', ')}</p>}
      {main && (
        <p className="flex flex-wrap gap-x-3 gap-y-1 text-xs">
          {main.readiness.map(({ profile, title, status }) => (
            <span key={profile} className="inline-flex items-center gap-1">
              <StatusMark status={status} />
              {title}
            </span>
          ))}
        </p>
      )}
    </li>
  )
}

export function ProductRow({ product, onOpen }: ProductProps) {
  const main = product.pictures[0]
  return (
    <tr className="border-t border-line align-middle">
      <td className="py-2 pr-3">
        {main && (
          <button
            type="button"
            aria-label={`${main.display_name}, main`}
            onClick={() => onOpen(main.id)}
            className="block size-14 overflow-hidden rounded-lg border border-line bg-white"
          >
            {main.photo.thumbhash === null ? (
              <span className="block size-full animate-pulse bg-raised" />
            ) : (
              <img src={pictureUrl('getThumbnail', main.photo)} alt="" loading="lazy" className="size-full object-contain" />
            )}
          </button>
        )}
      </td>
      <th scope="row" className="max-w-72 min-w-40 py-2 pr-3 text-left text-sm font-medium">
        <span className="block wrap-anywhere">{product.sku}</span>
        <span title={product.name ?? undefined} className="line-clamp-2 text-xs font-normal text-muted wrap-anywhere">
          {product.name}
        </span>
      </th>
      <td className="py-2 pr-3">
        <GradeMark grade={main?.grade ?? null} />
      </td>
      <td className="py-2 pr-3 text-sm tabular-nums">{product.pictures.length}</td>
      <td className="min-w-44 py-2 pr-3 text-sm text-muted">{product.missing.length === 0 ? 'complete' : product.missing.join(', ')}</td>
      {main?.readiness.map(({ profile, status }) => (
        <td key={profile} className="py-2 pr-3 text-center">
          <StatusMark status={status} />
        </td>
      ))}
    </tr>
  )
}
