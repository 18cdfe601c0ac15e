-- Ce qui tient au schéma public sans être dedans : diffusion en temps réel, droits sur les fichiers.

create function public.peut_lire_les_bons() returns boolean
language sql stable set search_path = '' as $$
  select auth.uid() is not null
$$;

alter publication supabase_realtime add table public.commandes, public.notifications;

create policy bons_de_livraison on storage.objects for select to authenticated
using (bucket_id = 'bons' and public.peut_lire_les_bons());
