import 'package:flutter/material.dart';

import 'config.dart';
import 'modules/commandes.dart';
import 'modules/stock.dart';

void main() {
  Config.verifier();
  runApp(const DepotCentral());
}

/// L'application : une page d'accueil et un module par métier.
class DepotCentral extends StatelessWidget {
  const DepotCentral({super.key});

  // TODO: garder la dernière page ouverte quand l'utilisateur revient.
  @override
  Widget build(BuildContext context) => MaterialApp(
        title: 'Dépôt Central',
        routes: {
          '/commandes': (_) => const CommandesPage(),
          '/stock': (_) => const StockPage(),
        },
      );
}
