/** @file Orders pictures: photos, product, types as cards, height and width where they are drawn. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { generationOptionsQuery, generationsQuery } from '../api/generate-queries.ts'
import { Inspire } from './inspire.tsx'
import { PhotoPicker } from './photo-picker.tsx'
import { Spending } from './spending.tsx'

export function OrderForm({ photos: given }: { readonly photos: readonly number[] }) {
  const client = useQueryClient()
  const { data: options } = useQuery(generationOptionsQuery)
  const [photos, setPhotos] = useState(given)
  const [product, setProduct] = useState('earring')
  const [types, setTypes] = useState<readonly number[]>([1])
  const [height, setHeight] = useState('')
  const [width, setWidth] = useState('')
  const [most, setMost] = useState({ scenes: '', cost: '' })
  const [store, setStore] = useState('')
  const order = useMutation({
    mutationFn: () =>
      callApi('startGeneration', {
        body: {
          photos: [...photos],
          product_type: product,
          image_types: [...types],
          height: height || null,
          width: width || null,
          store: store || null,
          budget: { scenes: readNumber(most.scenes), cost: readNumber(most.cost) },
        },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: generationsQuery.queryKey }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const count = photos.length * types.length
  const scenes = photos.length * (options?.types.filter((type) => type.needs_maker && types.includes(type.number)).length ?? 0)
  const [first] = photos
  return (
    <section aria-label="New pictures" className="flex flex-col gap-4 rounded-2xl border border-line bg-surface p-4 sm:p-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-base font-semibold">1. Photos</h2>
        <span className="text-sm text-muted">{countOf(photos.length, 'photo')} chosen</span>
      </div>
      <PhotoPicker chosen={photos} onChange={setPhotos} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-base font-semibold">2. Pictures</h2>
        <div className="scrollbar-thin -mx-1 max-w-full overflow-x-auto px-1">
          <Segmented
            label="Product"
            value={product}
            options={options?.products.map(({ name, label }) => ({ value: name, label })) ?? []}
            onChange={setProduct}
          />
        </div>
      </div>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {options?.types.map((type) => {
          const isOn = types.includes(type.number)
          return (
            <button
              key={type.number}
              type="button"
              aria-pressed={isOn}
              disabled={!type.is_ready}
              onClick={() =>
                setTypes(isOn ? types.filter((number) => number !== type.number) : [...types, type.number].toSorted((a, b) => a - b))
              }
              className={`flex flex-col gap-1 rounded-xl border p-3 text-left text-sm disabled:opacity-60 ${isOn ? 'border-accent bg-accent-soft' : 'border-line hover:bg-raised'}`}
            >
              <span className="font-medium">{type.name}</span>
              <span className="text-[13px] text-muted">
                {type.is_ready ? type.about : 'Needs a model that makes scenes: FOTOTECA_GENERATE is not set up'}
              </span>
            </button>
          )
        })}
      </div>
      {options?.types.some((type) => type.needs_length && types.includes(type.number)) && (
        <div className="grid max-w-md grid-cols-2 gap-3">
          <Labelled label="Height">
            <input className={FIELD} value={height} placeholder="38 mm" onChange={(event) => setHeight(event.target.value)} />
          </Labelled>
          <Labelled label="Width">
            <input className={FIELD} value={width} placeholder="1 1/2 in" onChange={(event) => setWidth(event.target.value)} />
          </Labelled>
        </div>
      )}
      {options && scenes > 0 && <Spending scenes={scenes} options={options} most={most} onChange={setMost} />}
      {options && options.stores.length > 0 && (
        <div className="max-w-md">
          <Labelled label="Copy what is made into a store">
            <select className={FIELD} value={store} onChange={(event) => setStore(event.target.value)}>
              <option value="">no store</option>
              {options.stores.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </Labelled>
        </div>
      )}
      {options && <Notice>{options.leaves}</Notice>}
      <div>
        <Button look="solid" disabled={count === 0 || order.isPending} onClick={() => order.mutate()}>
          <Sparkles className="size-4" aria-hidden /> Make {countOf(count, 'picture')}
        </Button>
      </div>
      {options?.maker && photos.length <= 1 && <Inspire key={first} photo={first ?? null} />}
    </section>
  )
}

const readNumber = (text: string): number | null => (text.trim() === '' ? null : Number(text))
