import 'package:flutter/material.dart';

/// Le stock disponible : présent moins réservé.
class StockPage extends StatelessWidget {
  const StockPage({super.key});

  // TODO: trier par emplacement pour raccourcir le parcours de préparation.
  @override
  Widget build(BuildContext context) => const Center(child: Text('Stock'));
}
