insert into public.unites (code, libelle) values
  ('u', 'Unité'), ('kg', 'Kilogramme'), ('l', 'Litre'), ('m', 'Mètre'), ('pal', 'Palette')
on conflict do nothing;

insert into public.categories (id, libelle) values
  (1, 'Visserie'), (2, 'Outillage'), (3, 'Électricité'), (4, 'Peinture'), (5, 'Emballage')
on conflict do nothing;

insert into public.motifs_sortie (code, libelle) values
  ('vente', 'Commande expédiée'), ('casse', 'Casse'), ('retour', 'Retour au fournisseur')
on conflict do nothing;

insert into public.emplacements (code, allee, niveau)
select 'A' || allee || '-' || niveau, allee, niveau
from generate_series(1, 6) allee, generate_series(0, 2) niveau
on conflict do nothing;
