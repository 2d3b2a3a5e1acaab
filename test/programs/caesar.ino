// expect: Khoor, Zruog!
// expect: Hello, World!
// expect: HELLO, WORLD!
// expect: 3 vowels, 7 consonants, 3 others

const char TEXT[] = {'H', 'e', 'l', 'l', 'o', ',', ' ', 'W', 'o', 'r', 'l', 'd', '!'};
const int LENGTH = 13;
char buffer[LENGTH];

bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
char upper(char c) { return isLower(c) ? c - 'a' + 'A' : c; }

char shifted(char c, int by) {
  char base = isLower(c) ? 'a' : isUpper(c) ? 'A' : '\0';
  if (base == '\0') return c;
  return base + (c - base + by + 26) % 26;
}

void show() {
  for (int i = 0; i < LENGTH; i++) Serial.print(buffer[i]);
  Serial.println();
}

void setup() {
  for (int i = 0; i < LENGTH; i++) buffer[i] = shifted(TEXT[i], 3);
  show();
  for (int i = 0; i < LENGTH; i++) buffer[i] = shifted(buffer[i], -3);
  show();
  for (int i = 0; i < LENGTH; i++) buffer[i] = upper(buffer[i]);
  show();
  int vowels = 0, consonants = 0, others = 0;
  for (int i = 0; i < LENGTH; i++) {
    switch (buffer[i]) {
      case 'A': case 'E': case 'I': case 'O': case 'U':
        vowels++;
        break;
      default:
        if (isUpper(buffer[i])) consonants++;
        else others++;
    }
  }
  printf("%d vowels, %d consonants, %d others\n", vowels, consonants, others);
}

void loop() {
}
