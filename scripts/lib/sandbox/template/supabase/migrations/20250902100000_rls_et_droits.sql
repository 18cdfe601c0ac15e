-- RLS partout ; les droits de l'API sont donnés explicitement.

alter table public.unites enable row level security;
alter table public.categories enable row level security;
alter table public.motifs_sortie enable row level security;
alter table public.emplacements enable row level security;
alter table public.profils enable row level security;
alter table public.fournisseurs enable row level security;
alter table public.articles enable row level security;
alter table public.stocks enable row level security;
alter table public.commandes enable row level security;
alter table public.commande_lignes enable row level security;
alter table public.receptions enable row level security;
alter table public.mouvements enable row level security;
alter table public.notifications enable row level security;
alter table public.log_actions enable row level security;

create policy lecture on public.unites for select to anon, authenticated using (true);
create policy lecture on public.categories for select to anon, authenticated using (true);
create policy lecture on public.motifs_sortie for select to authenticated using (true);
create policy lecture on public.emplacements for select to authenticated using (true);
create policy le_sien on public.profils for all to authenticated using (id = auth.uid()) with check (id = auth.uid());
create policy lecture on public.fournisseurs for select to authenticated using (true);
create policy lecture on public.articles for select to authenticated using (true);
create policy lecture on public.stocks for select to authenticated using (true);
create policy lecture on public.commandes for select to authenticated using (true);
create policy creation on public.commandes for insert to authenticated with check (demandeur = auth.uid());
create policy lecture on public.commande_lignes for select to authenticated using (true);
create policy lecture on public.receptions for select to authenticated using (true);
create policy lecture on public.mouvements for select to authenticated using (true);
create policy lecture on public.notifications for select to authenticated using (true);
create policy ajout on public.log_actions for insert to authenticated with check (user_id = auth.uid());
create policy les_siennes on public.log_actions for select to authenticated using (user_id = auth.uid());

grant usage on schema public to anon, authenticated, service_role;
grant select on public.unites, public.categories to anon;
grant select on all tables in schema public to authenticated;
grant insert on public.commandes, public.commande_lignes, public.log_actions to authenticated;
grant insert, update on public.profils to authenticated;
grant all on all tables in schema public to service_role;
grant usage on all sequences in schema public to authenticated, service_role;
revoke execute on function public.creer_profil() from public;
grant execute on function public.stock_disponible(bigint) to authenticated, service_role;
