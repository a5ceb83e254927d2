#pragma once
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace thumbline::gallery {

/// Chance that can be had again: a seed always gives the same numbers, which the distributions of <random> do not promise.
/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  /// From 0 (included) to 1 (excluded).
  float unit() { return static_cast<float>(bits() >> 40U) * 0x1p-24F; }
  float between(float low, float high) { return low + (high - low) * unit(); }
  /// A whole number from `low` to `high`, both included.
  int whole(int low, int high) { return low + static_cast<int>(bits() % static_cast<std::uint64_t>(high - low + 1)); }
  bool odds(float probability) { return unit() < probability; }
  /// About a normal distribution (mean 0, deviation 1), never beyond ±3.5: the sum of twelve even ones.
  float normal();

 private:
  std::uint64_t state_;
};

/// Cards drawn in random order, shuffled anew when all are gone: a few draws already show many of them.
template <class Card>
class Deck {
 public:
  explicit Deck(std::vector<Card> cards) : cards_(std::move(cards)) {}

  const Card& draw(Chance& chance) {
    if (next_ == 0) {
      next_ = cards_.size();
    }
    --next_;
    std::swap(cards_[next_], cards_[static_cast<std::size_t>(chance.whole(0, static_cast<int>(next_)))]);
    return cards_[next_];
  }

 private:
  std::vector<Card> cards_;
  std::size_t next_ = 0;  ///< the cards before this one are still to come
};

/// True once in every `count` draws.
class OneIn {
 public:
  explicit OneIn(int count) : turns_(first_numbers(count)) {}

  bool draw(Chance& chance) { return turns_.draw(chance) == 0; }

 private:
  static std::vector<int> first_numbers(int count) {
    std::vector<int> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
  }

  Deck<int> turns_;
};

}  // namespace thumbline::gallery
