/** The sum of a cart in cents. Items are `{ name, price, count }`. */
export function total(items) {
  let sum = 0;
  for (const { price, count } of items) sum += price * count;
  return sum;
}
