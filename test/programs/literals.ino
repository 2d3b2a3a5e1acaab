// expect: 255 255 255 255
// expect: 4294967295 2147483648 4294967295
// expect: -2147483648 2147483647
// expect: 7 100000 1
// expect: 97 10 39 92 65 65 -1
// expect: tab	quote " percent % backslash \ done
// expect: hex A octal A joined
// expect: 1 0 1

int main() {
  printf("%d %d %d %d\n", 255, 0xFF, 0377, 0b11111111);
  // What is too large for an int is unsigned by itself in all bases but ten.
  printf("%u %u %u\n", 0xFFFFFFFF, 0x80000000, 037777777777);
  printf("%d %d\n", -2147483648, 2147483647);
  printf("%d %d %d\n", 7L, 100000UL, 1u);
  printf("%d %d %d %d %d %d %d\n", 'a', '\n', '\'', '\\', '\x41', '\101', '\xFF');
  printf("tab\tquote \" percent %% backslash \\ done\n");
  printf("hex \x41 octal \101 " "joined\n");
  // The type of a literal shows in comparisons.
  printf("%d %d %d\n", -1 > 1u, -1 > 1, -1 > 0xFFFFFFFE);
}
