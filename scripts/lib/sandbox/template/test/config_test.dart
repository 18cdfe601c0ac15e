import 'package:flutter_test/flutter_test.dart';

void main() {
  test('le stock disponible ne descend pas sous zéro', () {
    expect([3 - 5, 0].reduce((a, b) => a > b ? a : b), 0);
  });
}
