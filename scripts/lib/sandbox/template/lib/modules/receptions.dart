import 'package:flutter/material.dart';

/// La réception d'une livraison : bon, lignes, écarts.
class ReceptionsPage extends StatelessWidget {
  const ReceptionsPage({super.key});

  @override
  Widget build(BuildContext context) => const Center(child: Text('Réceptions'));
}
