// expect: [42] [-42] [42]
// expect: [   42] [42   ] [00042]
// expect: [-0042] [  -42] [-42  ]
// expect: [4294967295] [ffffffff] [FFFFFFFF]
// expect: [0000BEEF] [beef    ]
// expect: ABC [  x] [y  ]
// expect: text [  ab] [ab  ]
// expect: 100% "quoted" back\slash
// expect: 123456
// expect: 1 2 3 4 5 6 7 8
// expect: Grüße

int n = 42;

int main() {
  printf("[%d] [%d] [%i]\n", n, -n, n);
  printf("[%5d] [%-5d] [%05d]\n", n, n, n);
  printf("[%05d] [%5d] [%-5d]\n", -n, -n, -n);
  printf("[%u] [%x] [%X]\n", -1, -1, -1);
  printf("[%08X] [%-8x]\n", 48879, 0xbeef);
  printf("%c%c%c [%3c] [%-3c]\n", 'A', 66, '\x43', 'x', 'y');
  printf("%s [%4s] [%-4s]\n", "text", "ab", "a" "b");
  printf("100%% \"quoted\" back\\slash\n");
  printf("%2d\n", 123456);
  printf("%d %d %d %d %d %d %d %d\n", 1, 2, 3, 4, 5, 6, 7, 8);
  printf("Grüße\n");
  return 0;
}
