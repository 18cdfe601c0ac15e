create function public.maj_modifie_le() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.modifie_le := now();
  return new;
end
$$;

create trigger articles_modifie_le before update on public.articles
for each row execute function public.maj_modifie_le();

create trigger commandes_modifie_le before update on public.commandes
for each row execute function public.maj_modifie_le();

-- Un profil naît avec son utilisateur.
create function public.creer_profil() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.profils (id, nom) values (new.id, split_part(new.email, '@', 1))
  on conflict (id) do nothing;
  return new;
end
$$;

create trigger a_la_creation_d_un_utilisateur after insert on auth.users
for each row execute function public.creer_profil();

create function public.stock_disponible(p_article bigint) returns numeric
language sql stable set search_path = '' as $$
  select coalesce(sum(quantite - reserve), 0) from public.stocks where article = p_article
$$;

create view public.v_stock_disponible with (security_invoker = true) as
select a.id, a.reference, a.libelle, public.stock_disponible(a.id) as disponible
from public.articles a;

create view public.v_commandes_en_cours with (security_invoker = true) as
select c.id, c.numero, c.statut, c.cree_le, count(l.ligne) as lignes
from public.commandes c
left join public.commande_lignes l on l.commande = c.id
where c.statut in ('ouverte', 'preparee')
group by c.id;
