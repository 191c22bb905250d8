-- filter category
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."id" in ( select pc.photo_id from photo_categories pc where pc.category_id = any (array( select c.id from categories c where lower(c.name) in ($1, $2)))))
  -- ["animals","food"]

-- filter from
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."day" >= $1::date)
  -- ["2024-01-01"]

-- filter to
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."day" <= $1::date)
  -- ["2024-12-31"]

-- filter added_from
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."created_at" >= ($1::date::timestamp at time zone 'UTC'))
  -- ["2024-01-01"]

-- filter added_to
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."created_at" < ($1::date::timestamp at time zone 'UTC') + interval '1 day')
  -- ["2024-12-31"]

-- filter people
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and ("photos"."id" in (select f.photo_id from faces f where f.person_id in ($1)) and "photos"."id" in (select f.photo_id from faces f where f.person_id in ($2))))
  -- [3,4]

-- filter people_any
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."id" in (select f.photo_id from faces f where f.person_id in ($1, $2)))
  -- [3,4]

-- filter people_none
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and ("photos"."id" in (select f.photo_id from faces f where f.person_id in ($1, $2))) is not true)
  -- [3,4]

-- filter tag
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and (exists (select 1 from effective_tags t where t.tag = $1 and t.photo_id = "photos"."id") and exists (select 1 from effective_tags t where t.tag = $2 and t.photo_id = "photos"."id")))
  -- ["dog","beach"]

-- filter has_text
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from ocr_texts o where o.photo_id = "photos"."id" and o.text <> ''))
  -- []

-- filter language
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from ocr_texts o where o.photo_id = "photos"."id" and o.language in ($1, $2)))
  -- ["de","en"]

-- filter has_faces
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and not exists (select 1 from faces f where f.animal is null and f.photo_id = "photos"."id"))
  -- []

-- filter faces
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and ((select count(*) from faces f where f.animal is null and f.photo_id = "photos"."id") >= $1::integer and (select count(*) from faces f where f.animal is null and f.photo_id = "photos"."id") <= $2::integer))
  -- [2,4]

-- filter rating
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and ( exists (select 1 from photo_metadata m where m.photo_id = "photos"."id" and m.rating >= $1::integer and not exists ( select 1 from decisions d where d.photo_id = "photos"."id" and d.field = 'rating' and d.key = '')) or exists (select 1 from decisions d where d.photo_id = "photos"."id" and d.field = 'rating' and d.key = '' and (d.value #>> '{}')::integer >= $2::integer)))
  -- [4,4]

-- filter favourite
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists ( select 1 from decisions d where d.photo_id = "photos"."id" and d.field = 'favourite' and d.key = '' and d.value = 'true'))
  -- []

-- filter colour
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from photo_colours p where p.photo_id = "photos"."id" and p.name in ($1, $2)))
  -- ["red","navy"]

-- filter camera
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from photo_metadata m where m.photo_id = "photos"."id" and lower(m."camera_model") in ($1)))
  -- ["nikon z 6"]

-- filter lens
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from photo_metadata m where m.photo_id = "photos"."id" and lower(m."lens") in ($1)))
  -- ["xf23mmf2 r wr"]

-- filter city
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from photo_metadata m where m.photo_id = "photos"."id" and lower(m."city") in ($1, $2)))
  -- ["oslo","rome"]

-- filter country
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from photo_metadata m where m.photo_id = "photos"."id" and lower(m."country") in ($1)))
  -- ["norway"]

-- filter near
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from photo_metadata m where m.photo_id = "photos"."id" and m.latitude between $1 and $2 and $3 * asin(sqrt(least(1, (sin(radians(m.latitude - $4::float8) / 2) ^ 2 + cos(radians($5::float8)) * cos(radians(m.latitude)) * sin(radians(m.longitude - $6::float8) / 2) ^ 2)))) <= $7))
  -- [59.68477477477477,60.13522522522522,12742,59.91,59.91,10.75,25]

-- filter area
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from photo_metadata m where m.photo_id = "photos"."id" and m.latitude between $1::float8 and $2::float8 and (m.longitude >= $3::float8 and m.longitude <= $4::float8)))
  -- [59.8,60,10.6,10.9]

-- filter orientation
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and ("photos"."width" between "photos"."height" / 1.05 and "photos"."height" * 1.05 or ("photos"."width" >= 2 * "photos"."height" or "photos"."height" >= 2 * "photos"."width")))
  -- []

-- filter megapixels
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and ("photos"."width"::float8 * "photos"."height" / 1e6 >= $1::float8))
  -- [12.5]

-- filter format
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."format" in ($1))
  -- ["heic"]

-- filter source
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and exists (select 1 from photo_files f where f.photo_id = "photos"."id" and f.source_id in ($1)))
  -- [2]

-- filter album
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."id" in ( select ap.photo_id from album_photos ap where ap.album_id = any (array( select a.id from albums a where a.deleted_at is null and a.id in ($1, $2)))))
  -- [5,6]

-- filter cluster
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."id" in (select cp.photo_id from cluster_photos cp where cp.cluster_id in ($1)))
  -- [7]

-- filter missing
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and ("photos"."missing_since" is not null) = $1::boolean)
  -- [false]

-- filter collection
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."collection" in ($1, $2))
  -- ["products","made"]

-- filter state
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."state" in ($1, $2))
  -- ["failed","partial"]

-- filter has_duplicates
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and (exists (select 1 from duplicates d where d.photo_id_1 = "photos"."id" and d.kind in ('same-picture', 'edited', 'mirrored') and d.verdict is distinct from 'different' and "d"."photo_id_2" not in (select id from photos where trashed_at is not null)) or exists (select 1 from duplicates d where d.photo_id_2 = "photos"."id" and d.kind in ('same-picture', 'edited', 'mirrored') and d.verdict is distinct from 'different' and "d"."photo_id_1" not in (select id from photos where trashed_at is not null))))
  -- []

-- filter hide_duplicates
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and not exists ( select 1 from ( select photo_id_1 as id, photo_id_2 as rival_id from duplicates where kind = 'same-picture' and verdict is distinct from 'different' union all select photo_id_2, photo_id_1 from duplicates where kind = 'same-picture' and verdict is distinct from 'different' ) pair join photos rival on rival.id = pair.rival_id where pair.id = "photos"."id" and ("rival"."trashed_at" is null and "rival"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "rival"."id" not in (select id from photos as other where other.collection <> 'photos')) and (coalesce(rival.width::bigint * rival.height, 0), -rival.id) > (coalesce("photos"."width"::bigint * "photos"."height", 0), -"photos"."id")))
  -- []

-- some filters, hide_duplicates last
select count(*)::int as count from photos where (not exists (select 1 from search_documents w where w.photo_id = "photos"."id" and w.tsv @@ $1::tsquery) and "photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."day" >= $2::date and "photos"."state" in ($3) and not exists ( select 1 from ( select photo_id_1 as id, photo_id_2 as rival_id from duplicates where kind = 'same-picture' and verdict is distinct from 'different' union all select photo_id_2, photo_id_1 from duplicates where kind = 'same-picture' and verdict is distinct from 'different' ) pair join photos rival on rival.id = pair.rival_id where pair.id = "photos"."id" and (not exists (select 1 from search_documents w where w.photo_id = "rival"."id" and w.tsv @@ $4::tsquery) and "rival"."trashed_at" is null and "rival"."id" not in (select id from photos as other where other.collection <> 'photos') and "rival"."day" >= $5::date and "rival"."state" in ($6)) and (coalesce(rival.width::bigint * rival.height, 0), -rival.id) > (coalesce("photos"."width"::bigint * "photos"."height", 0), -"photos"."id")))
  -- ["'dog'","2024-01-01","completed","'dog'","2024-01-01","completed"]

-- filters joined
select count(*)::int as count from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and ((("photos"."missing_since" is not null) = $1::boolean) or ((("photos"."day" >= $2::date) and ("photos"."state" in ($3)))) is not true))
  -- [true,"2024-01-01","failed"]

-- facet category
select pc.photo_id, c.name as value from photo_categories pc join categories c on c.id = pc.category_id where "pc"."photo_id" between 1 and 500
  -- []

-- facet people
select distinct f.photo_id, f.person_id::text as value from faces f join people p on p.id = f.person_id where p.name is not null and not p.is_hidden and "f"."photo_id" between 1 and 500
  -- []

-- facet tag
select t.photo_id, t.tag as value, t.said_by, t.confidence from effective_tags t where "t"."photo_id" between 1 and 500
  -- []

-- facet language
select o.photo_id, o.language as value from ocr_texts o where o.language is not null and "o"."photo_id" between 1 and 500
  -- []

-- facet rating
select e.photo_id, e.rating::text as value from effective_facts e where e.rating is not null and "e"."photo_id" between 1 and 500
  -- []

-- facet colour
select distinct p.photo_id, p.name as value from photo_colours p where "p"."photo_id" between 1 and 500
  -- []

-- facet camera
select m.photo_id, m."camera_model" as value from photo_metadata m where m."camera_model" is not null and "m"."photo_id" between 1 and 500
  -- []

-- facet lens
select m.photo_id, m."lens" as value from photo_metadata m where m."lens" is not null and "m"."photo_id" between 1 and 500
  -- []

-- facet city
select m.photo_id, m."city" as value from photo_metadata m where m."city" is not null and "m"."photo_id" between 1 and 500
  -- []

-- facet country
select m.photo_id, m."country" as value from photo_metadata m where m."country" is not null and "m"."photo_id" between 1 and 500
  -- []

-- facet orientation
select p.id as photo_id, 'landscape' as value from photos p where "p"."width" > "p"."height" * 1.05 and "p"."id" between 1 and 500 union all select p.id as photo_id, 'portrait' as value from photos p where "p"."height" > "p"."width" * 1.05 and "p"."id" between 1 and 500 union all select p.id as photo_id, 'square' as value from photos p where "p"."width" between "p"."height" / 1.05 and "p"."height" * 1.05 and "p"."id" between 1 and 500 union all select p.id as photo_id, 'panorama' as value from photos p where ("p"."width" >= 2 * "p"."height" or "p"."height" >= 2 * "p"."width") and "p"."id" between 1 and 500
  -- []

-- facet format
select p.id as photo_id, p.format as value from photos p where p.format is not null and "p"."id" between 1 and 500
  -- []

-- facet source
select distinct f.photo_id, f.source_id::text as value from photo_files f where "f"."photo_id" between 1 and 500
  -- []

-- groups album
select "id", "name" from "albums" where "deleted_at" is null
  -- []
select value, string_agg(int4send("photo_id"), ''::bytea) as ids from (select ap.photo_id, ap.album_id::text as value from album_photos ap join albums a on a.id = ap.album_id where a.deleted_at is null) held where "photo_id" not in (select id from photos where trashed_at is not null) group by value
  -- []

-- groups cluster
select "id", "name" from "clusters" where "is_hidden" = $1
  -- [false]
select value, string_agg(int4send("photo_id"), ''::bytea) as ids from (select cp.photo_id, cp.cluster_id::text as value from cluster_photos cp join clusters c on c.id = cp.cluster_id where not c.is_hidden) held where "photo_id" not in (select id from photos where trashed_at is not null) group by value
  -- []

-- listByTime
select photos.id, to_char(photos.sort_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as sort_at from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."day" >= $1::date) and (photos.sort_at, photos.id) < ($2::timestamp at time zone 'UTC', $3::integer) order by photos.sort_at desc, photos.id desc limit $4
  -- ["2024-01-01","2024-05-01 10:00:00.000001",7,51]

-- compileWords
select exact::text, case when form is null or (exact @> form and form @> exact and numnode(form) > 0) then exact when numnode(form) = 0 then form else exact || form end::text as meant from (select i, to_tsquery('simple', r.exact) as exact, to_tsquery('english', r.form) as form from rows from (jsonb_to_recordset($1::jsonb) as (exact text, form text)) with ordinality as r (exact, form, i) offset 0) q order by i
  -- ["[{\"exact\":\"('the')\",\"form\":\"'the'\"},{\"exact\":\"('beach')\",\"form\":\"'beach'\"},{\"exact\":\"('sunset' <-> 'walk')\",\"form\":null},{\"exact\":\"('run')\",\"form\":\"'run'\"},{\"exact\":\"('dog')\",\"form\":null}]"]

-- findByWords: matches, then loosely, then any word
select set_config('enable_seqscan', 'off', true), set_config('work_mem', '32MB', true)
  -- []
select 0 as i, string_agg(int4send("photo_id"), ''::bytea) as ids, pg_snapshot_xmin(pg_current_snapshot())::text as mark from search_documents where tsv @@ $1::tsquery
  -- ["'beach'"]
select a.asked, near.word from jsonb_to_recordset($1::jsonb) as a (asked text, swapped text[], is_spelt boolean) left join lateral (select word from search_words where word = a.asked limit 1) k on true, lateral ( (select w.word from search_words w where w.word like '%' || a.asked || '%' limit 60) union (select w.word from search_words w where k.word is null and not a.is_spelt and a.asked !~ '[0-9]' and w.word % a.asked and similarity(w.word, a.asked) >= 0.3 order by similarity(w.word, a.asked) desc, w.word limit 60) union (select w.word from search_words w where k.word is null and not a.is_spelt and w.word = any (a.swapped) ) ) near
  -- ["[{\"asked\":\"beach\",\"swapped\":[\"ebach\",\"baech\",\"becah\",\"beahc\"],\"is_spelt\":true},{\"asked\":\"run\",\"swapped\":[\"urn\",\"rnu\"],\"is_spelt\":true}]"]
select set_config('enable_seqscan', 'off', true), set_config('work_mem', '32MB', true)
  -- []
select 0 as i, string_agg(int4send("photo_id"), ''::bytea) as ids, pg_snapshot_xmin(pg_current_snapshot())::text as mark from search_documents where tsv @@ $1::tsquery union all select 1 as i, string_agg(int4send("photo_id"), ''::bytea) as ids, pg_snapshot_xmin(pg_current_snapshot())::text as mark from search_documents where tsv @@ $2::tsquery union all select 2 as i, string_agg(int4send("photo_id"), ''::bytea) as ids, pg_snapshot_xmin(pg_current_snapshot())::text as mark from search_documents where tsv @@ $3::tsquery
  -- ["'beach'","'run'","'sunset' <-> 'walk'"]

-- readFieldsOfTerms
select string_agg(int4send(photo_id) || float4send(ts_rank(tsv, $1::tsquery)) || int4send(1 * case when tsv @@ to_tsquery('simple', $2) then 4 when tsv @@ to_tsquery('simple', $3) then 3 when tsv @@ to_tsquery('simple', $4) then 2 when tsv @@ to_tsquery('simple', $5) then 1 else 0 end + 5 * case when tsv @@ to_tsquery('simple', $6) then 4 when tsv @@ to_tsquery('simple', $7) then 3 when tsv @@ to_tsquery('simple', $8) then 2 when tsv @@ to_tsquery('simple', $9) then 1 else 0 end + 25 * case when tsv @@ to_tsquery('simple', $10) then 4 when tsv @@ to_tsquery('simple', $11) then 3 when tsv @@ to_tsquery('simple', $12) then 2 when tsv @@ to_tsquery('simple', $13) then 1 else 0 end), ''::bytea) as found from search_documents where photo_id = any ($14::integer[])
  -- ["'beach' & 'run'","('beach':a)","('beach':b)","('beach':c)","('beach':d)","('sunset':a <-> 'walk':a)","('sunset':b <-> 'walk':b)","('sunset':c <-> 'walk':c)","('sunset':d <-> 'walk':d)","('run':a)","('run':b)","('run':c)","('run':d)","{7,9}"]

-- findNamed
select filename as name, string_agg(int4send("id"), ''::bytea) as ids from photos where id = any ($1::integer[]) and length(translate(filename, '0123456789 _-.,()', '')) <= $2 group by filename
  -- ["{7,9}",30]

-- readMatching: what filters keep
select string_agg(int4send("photos"."id"), ''::bytea) as ids from photos where ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."day" <= $1::date)
  -- ["2024-12-31"]

-- findWorseCopies: among many
select string_agg(int4send(photo_id_1) || int4send(photo_id_2), ''::bytea) as ids from duplicates where kind = 'same-picture' and verdict is distinct from 'different'
  -- []

-- readChangedDocuments
select (select string_agg(int4send("photo_id"), ''::bytea) from search_documents where changed_in >= $1::xid8) as ids, (select string_agg(int4send("photo_id"), ''::bytea) from deleted_photos where deleted_in >= $2::xid8) as gone, pg_snapshot_xmin(pg_current_snapshot())::text as seen
  -- ["741","741"]

-- readWordsFrom
select near.word, ( select count(*)::int from ( select 1 from search_documents d where d.tsv @@ ('''' || near.word || '''')::tsquery limit 500) held ) as count from (select word from search_words where word like $1 order by length(word), word limit $2) near
  -- ["bea%",8]

-- readMatchChanges
select string_agg(int4send("photo_id"), ''::bytea) as changed, string_agg(int4send("photo_id"), ''::bytea) filter (where tsv @@ $1::tsquery) as matching, (select string_agg(int4send("photo_id"), ''::bytea) from deleted_photos where deleted_in >= $2::xid8) as gone, pg_snapshot_xmin(pg_current_snapshot())::text as mark from search_documents where changed_in >= $3::xid8
  -- ["'beach'","741","741"]

-- listCommonWords
with sample as materialized (select tsv from search_documents tablesample system ($1::real)) select word from sample, unnest(tsvector_to_array(tsv)) as word group by word having count(*) >= $2::float8 * (select count(*) from sample) order by count(*) desc, word limit $3
  -- [1,0.01,512]

-- readPhotosOfWords
select word, string_agg(int4send("photo_id"), ''::bytea) as ids from search_documents, unnest(tsvector_to_array(tsv)) as word where photo_id = any ($1::integer[]) and word in (select jsonb_array_elements_text($2::jsonb)) group by word
  -- ["{7,9}","[\"beach\",\"dog\"]"]

-- readUnfinished
select state as value, string_agg(int4send("id"), ''::bytea) as ids from photos where state in ('pending', 'preprocessing', 'processing_objects', 'processing_embeddings', 'processing_ocr', 'processing_faces', 'processing_hash', 'checking_duplicates', 'partial', 'failed') and "photos"."trashed_at" is null group by state
  -- []

-- countStates
select state as value, count(*)::int as count from photos where "photos"."trashed_at" is null group by state
  -- []

-- sortByTime
select string_agg(int4send(id), ''::bytea order by sort_at asc, id asc) as ids from photos where id = any ($1::integer[])
  -- ["{1,2}"]

-- readStems
select word, (ts_lexize('english_stem', word))[1] as stem from jsonb_array_elements_text($1::jsonb) as r (word)
  -- ["[\"running\"]"]

-- findByVector: no index yet
select string_agg(int4send(id) || float8send(distance), ''::bytea) as found from ( select e.photo_id as id, 1 + (e.embedding <#> $1::vector) as distance from embeddings e where e.space_id = 3 and e.photo_id <= $2 and e.photo_id <> $3 and "e"."photo_id" not in (select id from photos where trashed_at is not null) order by distance, id desc limit 200) n
  -- ["[1,0]",900,12]

-- findByVector: by the index
select set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.max_scan_tuples', $2, true), set_config('enable_seqscan', 'off', true)
  -- ["400","20000"]
select string_agg(int4send(id) || float8send(distance), ''::bytea) as found from ( with nearest as materialized ( select e.photo_id as id, e.embedding::vector(2) <#> $1::vector(2) as product from embeddings e where e.space_id = 3 and e.photo_id <= $2 and e.photo_id <> $3 and "e"."photo_id" not in (select id from photos where trashed_at is not null) order by e.embedding::vector(2) <#> $4::vector(2) limit 200 ) select id, 1 + product as distance from nearest order by distance, id desc) n
  -- ["[1,0]",900,12,"[1,0]"]

-- findByVector: few photos left by the filters
select string_agg(int4send(id) || float8send(distance), ''::bytea) as found from ( select e.photo_id as id, 1 + (e.embedding <#> $1::vector) as distance from embeddings e where e.space_id = 3 and e.photo_id <= $2 and e.photo_id <> $3 and e.photo_id = any ($4::integer[]) and "e"."photo_id" not in (select id from photos where trashed_at is not null) order by distance, id desc limit 200) n
  -- ["[1,0]",900,12,"{7,9}"]

-- findByVector: some photos left
select set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.max_scan_tuples', $2, true), set_config('enable_seqscan', 'off', true)
  -- ["400","20000"]
select string_agg(int4send(id) || float8send(distance), ''::bytea) as found from ( with nearest as materialized ( select e.photo_id as id, e.embedding::vector(2) <#> $1::vector(2) as product from embeddings e where e.space_id = 3 and e.photo_id <= $2 and e.photo_id <> $3 and e.photo_id + 0 = any ($4::integer[]) order by e.embedding::vector(2) <#> $5::vector(2) limit 200 ) select id, 1 + product as distance from nearest order by distance, id desc) n
  -- ["[1,0]",900,12,"{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100,101,102,103,104,105,106,107,108,109,110,111,112,113,114,115,116,117,118,119,120,121,122,12

-- findByVector: many photos left
select set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.max_scan_tuples', $2, true), set_config('enable_seqscan', 'off', true)
  -- ["400","20000"]
select string_agg(int4send(id) || float8send(distance), ''::bytea) as found from ( with nearest as materialized ( select e.photo_id as id, e.embedding::vector(2) <#> $1::vector(2) as product from embeddings e where e.space_id = 3 and e.photo_id <= $2 and e.photo_id <> $3 and exists (select 1 from photos where photos.id = e.photo_id and ("photos"."trashed_at" is null and "photos"."id" not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null) and "photos"."id" not in (select id from photos as other where other.collection <> 'photos') and "photos"."day" >= $4::date)) order by e.embedding::vector(2) <#> $5::vector(2) limit 200 ) select id, 1 + product as distance from nearest order by distance, id desc) n
  -- ["[1,0]",900,12,"2024-01-01","[1,0]"]

-- readVectorChanges
select (select string_agg(int4send("photo_id"), ''::bytea) from deleted_photos where deleted_in >= $1::xid8) as gone, (select string_agg(int4send("photo_id"), ''::bytea) from embeddings where space_id = $2 and changed_in >= $3::xid8) as changed, pg_snapshot_xmin(pg_current_snapshot())::text as mark
  -- ["741",3,"741"]

-- readVectorPage
select string_agg(int4send("photo_id"), ''::bytea) as ids, string_agg(vector_send(embedding), ''::bytea) as sent from (select photo_id, embedding from embeddings where space_id = $1 and photo_id > $2 order by photo_id limit $3) page
  -- [3,500,1500]

-- readVectorsOf
select string_agg(int4send("photo_id"), ''::bytea) as ids, string_agg(vector_send(embedding), ''::bytea) as sent from (select photo_id, embedding from embeddings where space_id = $1 and photo_id = any ($2::integer[])) page
  -- [3,"{7,9}"]

-- forgetOldDeletions
delete from deleted_photos where deleted_at < now() - make_interval(days => $1)
  -- [30]

-- readSpace
select "id", "name", "width", "indexed_at" from "spaces" where "name" like $1 order by "id" desc limit $2
  -- ["builtin/look%",1]

-- readVector
select "embedding" from "embeddings" where "space_id" = $1 and "photo_id" = $2
  -- [3,12]

-- countCoverage
select (select count(*)::int from embeddings where space_id = $1 and true) as embedded, -- a file that was refused never gets one (select count(*)::int from photos where removed_at is null and state <> 'failed' and true) as photos, (select count(*)::int from photo_steps s join photos p on p.id = s.photo_id where s.step = 'embedding' and s.state in ('failed', 'skipped') and p.removed_at is null and p.state <> 'failed' and true) as never
  -- [3]

-- readMaxPhotoId
select coalesce(max(id), 0)::int as id from photos where true
  -- []

-- photoExists
select "id" from "photos" where "id" = $1 and true
  -- [12]

-- readCopies
select string_agg(int4send(case when first_wins then b else a end) || int4send(case when first_wins then a else b end), ''::bytea) as ids from ( select a.id as a, b.id as b, (coalesce(a.width::bigint * a.height, 0), -a.id) > (coalesce(b.width::bigint * b.height, 0), -b.id) as first_wins from duplicates d join photos a on a.id = d.photo_id_1 join photos b on b.id = d.photo_id_2 where d.kind = 'same-picture' and d.verdict is distinct from 'different' and d.photo_id_1 = any ($1::integer[]) and d.photo_id_2 = any ($2::integer[]) ) pair
  -- ["{1,2,3}","{1,2,3}"]

-- readPhotoFacts
select photos.id, photos.day::text as day, array(select photos.filename union select f.filename from photo_files f where f.photo_id = photos.id order by 1) as filenames, array(select distinct regexp_replace(f.path, '/?[^/]*$', '') from photo_files f join sources s on s.id = f.source_id and s.kind = 'folder' where f.photo_id = photos.id order by 1) as folders, array(select p.name from faces f join people p on p.id = f.person_id where f.photo_id = photos.id and p.name is not null union select r ->> 'name' from jsonb_array_elements(m.face_regions) r where r ->> 'name' <> '' and not exists ( select 1 from faces f join face_rejections x on x.face_id = f.id join people p on p.id = x.person_id where f.photo_id = photos.id and p.name = r ->> 'name') order by 1) as people, e.title, array(select t.tag from effective_tags t where t.photo_id = photos.id union select c.name from photo_categories pc join categories c on c.id = pc.category_id where pc.photo_id = photos.id order by 1) as tags, array(select k from unnest(m.keywords) k where not exists ( select 1 from decisions d where d.photo_id = photos.id and d.field = 'tag' and d.value = 'false' and d.key = any (regexp_split_to_array(lower(k), '\s*/\s*')))) as keywords, array(select b.broader from effective_tags t join tag_broader b on b.tag = t.tag where t.photo_id = photos.id except select t.tag from effective_tags t where t.photo_id = photos.id order by 1) as broader, o.text as ocr, e.file_caption as description, e.captions, array_remove(array[m.camera_make, m.camera_model, m.lens], null) as camera, m.city, m.country from photos join effective_facts e on e.photo_id = photos.id left join photo_metadata m on m.photo_id = photos.id left join ocr_texts o on o.photo_id = photos.id -- said of the view too: a list is not carried over to it, and it would be worked out for every photo (0.5 s at 100,000) where photos.id = any ($1::integer[]) and e.photo_id = any ($2::integer[]) and "photos"."trashed_at" is null order by photos.id
  -- ["{1,2}","{1,2}"]

-- readDocumentFacts, of photos that have none
select '[' || string_agg(facts::text, ',') || ']' as facts from document_facts where photo_id = any ($1::integer[])
  -- ["{1,2}"]
select photos.id, photos.day::text as day, array(select photos.filename union select f.filename from photo_files f where f.photo_id = photos.id order by 1) as filenames, array(select distinct regexp_replace(f.path, '/?[^/]*$', '') from photo_files f join sources s on s.id = f.source_id and s.kind = 'folder' where f.photo_id = photos.id order by 1) as folders, array(select p.name from faces f join people p on p.id = f.person_id where f.photo_id = photos.id and p.name is not null union select r ->> 'name' from jsonb_array_elements(m.face_regions) r where r ->> 'name' <> '' and not exists ( select 1 from faces f join face_rejections x on x.face_id = f.id join people p on p.id = x.person_id where f.photo_id = photos.id and p.name = r ->> 'name') order by 1) as people, e.title, array(select t.tag from effective_tags t where t.photo_id = photos.id union select c.name from photo_categories pc join categories c on c.id = pc.category_id where pc.photo_id = photos.id order by 1) as tags, array(select k from unnest(m.keywords) k where not exists ( select 1 from decisions d where d.photo_id = photos.id and d.field = 'tag' and d.value = 'false' and d.key = any (regexp_split_to_array(lower(k), '\s*/\s*')))) as keywords, array(select b.broader from effective_tags t join tag_broader b on b.tag = t.tag where t.photo_id = photos.id except select t.tag from effective_tags t where t.photo_id = photos.id order by 1) as broader, o.text as ocr, e.file_caption as description, e.captions, array_remove(array[m.camera_make, m.camera_model, m.lens], null) as camera, m.city, m.country from photos join effective_facts e on e.photo_id = photos.id left join photo_metadata m on m.photo_id = photos.id left join ocr_texts o on o.photo_id = photos.id -- said of the view too: a list is not carried over to it, and it would be worked out for every photo (0.5 s at 100,000) where photos.id = any ($1::integer[]) and e.photo_id = any ($2::integer[]) and "photos"."trashed_at" is null order by photos.id
  -- ["{1,2}","{1,2}"]

-- refreshSearchDocuments
select distinct t.tag from effective_tags t where t.photo_id in ($1) and not exists (select 1 from tag_broader b where b.tag = t.tag) order by t.tag
  -- [1]
select count(*) from (select 1 from photos where id = any ($1::integer[]) order by id for key share) held
  -- ["{1}"]
delete from photo_categories pc where pc.photo_id = any ($1::integer[]) and not exists ( select 1 from derived_categories d where d.photo_id = any ($2::integer[]) and d.photo_id = pc.photo_id and d.category_id = pc.category_id)
  -- ["{1}","{1}"]
insert into photo_categories (category_id, photo_id) select category_id, photo_id from derived_categories where photo_id = any ($1::integer[]) on conflict do nothing
  -- ["{1}"]
select photos.id, photos.day::text as day, array(select photos.filename union select f.filename from photo_files f where f.photo_id = photos.id order by 1) as filenames, array(select distinct regexp_replace(f.path, '/?[^/]*$', '') from photo_files f join sources s on s.id = f.source_id and s.kind = 'folder' where f.photo_id = photos.id order by 1) as folders, array(select p.name from faces f join people p on p.id = f.person_id where f.photo_id = photos.id and p.name is not null union select r ->> 'name' from jsonb_array_elements(m.face_regions) r where r ->> 'name' <> '' and not exists ( select 1 from faces f join face_rejections x on x.face_id = f.id join people p on p.id = x.person_id where f.photo_id = photos.id and p.name = r ->> 'name') order by 1) as people, e.title, array(select t.tag from effective_tags t where t.photo_id = photos.id union select c.name from photo_categories pc join categories c on c.id = pc.category_id where pc.photo_id = photos.id order by 1) as tags, array(select k from unnest(m.keywords) k where not exists ( select 1 from decisions d where d.photo_id = photos.id and d.field = 'tag' and d.value = 'false' and d.key = any (regexp_split_to_array(lower(k), '\s*/\s*')))) as keywords, array(select b.broader from effective_tags t join tag_broader b on b.tag = t.tag where t.photo_id = photos.id except select t.tag from effective_tags t where t.photo_id = photos.id order by 1) as broader, o.text as ocr, e.file_caption as description, e.captions, array_remove(array[m.camera_make, m.camera_model, m.lens], null) as camera, m.city, m.country from photos join effective_facts e on e.photo_id = photos.id left join photo_metadata m on m.photo_id = photos.id left join ocr_texts o on o.photo_id = photos.id -- said of the view too: a list is not carried over to it, and it would be worked out for every photo (0.5 s at 100,000) where photos.id = any ($1::integer[]) and e.photo_id = any ($2::integer[]) and "photos"."trashed_at" is null order by photos.id
  -- ["{1}","{1}"]
insert into due_texts (space_id, photo_id) select s.id, p.id from spaces s, photos p where s.of_texts and p.id = any ($1::integer[]) on conflict (space_id, photo_id) do update set changed_in = excluded.changed_in
  -- ["{1}"]

-- readPhotoHash
select "quality", "dihedral" from "photo_hashes" where "photo_id" = $1
  -- [1]

-- readHashPage
select array_agg(photo_id order by photo_id) as ids, string_agg(hash, ''::bytea order by photo_id) as hashes from (select photo_id, substring(dihedral from 1 for 32) as hash from photo_hashes where photo_id > $1 and quality >= $2 order by photo_id limit $3) page
  -- [0,50,5000]

-- replaceDuplicates
delete from "duplicates" where "space_id" is null and ("photo_id_1" = $1 or "photo_id_2" = $2)
  -- [2,2]
insert into duplicates (photo_id_1, photo_id_2, kind, hamming_distance, transform, verdict) select d."photoId1", d."photoId2", case when d.kind <> 'same-picture' and ( a.taken_at <> b.taken_at and abs(extract(epoch from a.taken_at - b.taken_at)) <= 5 and am.camera_model is not null and am.camera_model = bm.camera_model and am.camera_make is not distinct from bm.camera_make) then 'burst' else d.kind end, d.distance, d.transform, ( select v.value #>> '{}' from decisions v where v.photo_id = a.id and v.field = 'pair' and v.key = b.id::text) from jsonb_to_recordset($1::jsonb) as d ("photoId1" integer, "photoId2" integer, kind text, distance integer, transform text) join photos a on a.id = d."photoId1" join photos b on b.id = d."photoId2" left join photo_metadata am on am.photo_id = a.id left join photo_metadata bm on bm.photo_id = b.id order by 1, 2 on conflict (photo_id_1, photo_id_2) do update set kind = excluded.kind, hamming_distance = excluded.hamming_distance, transform = excluded.transform, cosine_distance = null, space_id = null
  -- ["[{\"photoId1\":1,\"photoId2\":2,\"kind\":\"same-picture\",\"distance\":3,\"transform\":\"none\"}]"]
