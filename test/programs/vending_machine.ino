// expect: tea for 120: 50 100 120 ok
// expect: coffee for 180: 200 ok, back 20
// expect: water for 90: 10 30 80 cancelled, back 50 20 10
// expect: cocoa: sold out
// expect: soup for 215: 200 220 ok, back 5
// expect: earned 515

const int COINS[] = {200, 50, 20, 10, 5};

int earned = 0;
byte stock[] = {3, 1, 5, 0, 2};

int priceOf(byte drink) {
  switch (drink) {
    case 0: return 120;
    case 1: return 180;
    case 2: return 90;
    case 4: return 215;
  }
  return 0;
}

void change(int amount) {
  if (amount == 0) return;
  printf(", back");
  for (int i = 0; i < 5; i++) {
    while (amount >= COINS[i]) {
      printf(" %d", COINS[i]);
      amount -= COINS[i];
    }
  }
}

void name(byte drink) {
  printf("%s", drink == 0 ? "tea" : drink == 1 ? "coffee" : drink == 2 ? "water" : drink == 3 ? "cocoa" : "soup");
}

// Three coins; 0 presses the button that gives all back.
void buy(byte drink, int first, int second, int third) {
  name(drink);
  if (!stock[drink]) {
    printf(": sold out\n");
    return;
  }
  int price = priceOf(drink);
  printf(" for %d:", price);
  int paid = 0;
  bool cancelled = false;
  for (int turn = 0; paid < price; turn++) {
    int coin = turn == 0 ? first : turn == 1 ? second : turn == 2 ? third : 0;
    if (coin == 0) {
      cancelled = true;
      break;
    }
    paid += coin;
    printf(" %d", paid);
  }
  if (cancelled) {
    printf(" cancelled");
    change(paid);
  } else {
    printf(" ok");
    stock[drink]--;
    earned += price;
    change(paid - price);
  }
  printf("\n");
}

int main() {
  buy(0, 50, 50, 20);
  buy(1, 200, 0, 0);
  buy(2, 10, 20, 50);
  buy(3, 200, 0, 0);
  buy(4, 200, 20, 0);
  printf("earned %d\n", earned);
}
