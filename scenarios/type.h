// Type<T>: how a value of T is written in a scenario file. One description (object.h, basic_types.h
// build them) is both the decoder Node -> T and the Shape from which schema and reference are made.
// Immutable; any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/mistake.h"
#include "scenarios/node.h"
#include "scenarios/shape.h"

namespace spillway::scenarios {

/// Where a value stands in its document, "spec.services[2].replicas". A list on the stack of the
/// decoders.
struct Path {
  const Path* parent = nullptr;
  std::string_view key;  ///< empty: `index` is meant
  std::size_t index = 0;

  Path operator/(std::string_view k) const { return {this, k, 0}; }
  Path operator[](std::size_t i) const { return {this, {}, i}; }
  std::string text() const;
};

/// What the decoders of one document share.
struct Decoding {
  model::Diagnostics& diagnostics;
  std::filesystem::path folder;  ///< files that the document names are relative to it
};

template <class T>
struct Type {
  ShapePtr shape;
  /// False if it complained; then `into` is of no use.
  std::function<bool(const Node&, const Path&, T& into, Decoding&)> decode;
  /// As a default in the reference; may be empty.
  std::function<std::string(const T&)> write;
};

/// "PATH: what is wrong (got the node, expected the shape) [rule]".
bool complain(const Node& node, const Path& path, Decoding& decoding, std::string rule,
              std::string_view what, const std::string& expected, std::string hint = {});

/// `from` described and decoded as it is, then turned into a T.
template <class T, class U, class Convert>
Type<T> converted(const Type<U>& from, Convert convert) {
  return {from.shape,
          [decode = from.decode, convert](const Node& node, const Path& path, T& into,
                                          Decoding& decoding) {
            U value{};
            if (!decode(node, path, value, decoding)) return false;
            into = convert(std::move(value));
            return true;
          },
          {}};
}

/// Zero or more (at least `fewest`) values in a list.
template <class T>
Type<std::vector<T>> list_of(const Type<T>& item, std::size_t fewest = 0) {
  Shape shape;
  shape.kind = Shape::Kind::list;
  shape.expected = "a list";
  shape.item = item.shape;
  shape.fewest_items = fewest;
  return {std::make_shared<const Shape>(std::move(shape)),
          [decode = item.decode, fewest](const Node& node, const Path& path, std::vector<T>& into,
                                         Decoding& decoding) {
            if (node.kind != Node::Kind::sequence)
              return complain(node, path, decoding, "wrong-type", "not a list", "a list");
            if (node.items.size() < fewest)
              return complain(node, path, decoding, "empty-list", "too few entries",
                              fewest == 1 ? "at least one entry"
                                          : "at least " + std::to_string(fewest) + " entries");
            into.assign(node.items.size(), T{});
            bool good = true;
            for (std::size_t i = 0; i < node.items.size(); ++i)
              good &= decode(node.items[i], path[i], into[i], decoding);
            return good;
          },
          {}};
}

/// The alternative that `node` looks like: by kind, among mappings by the keys that it knows. Never
/// null.
const Shape* nearest_alternative(const std::vector<ShapePtr>& alternatives, const Node& node);

/// One of several ways to write a T.
template <class T>
Type<T> either(std::vector<Type<T>> alternatives, std::string expected) {
  Shape shape;
  shape.kind = Shape::Kind::either;
  shape.expected = std::move(expected);
  for (const Type<T>& a : alternatives) shape.alternatives.push_back(a.shape);
  const auto shared = std::make_shared<const Shape>(std::move(shape));
  return {shared,
          [shared, alternatives](const Node& node, const Path& path, T& into, Decoding& decoding) {
            const Shape* nearest = nearest_alternative(shared->alternatives, node);
            if (nearest == nullptr)
              return complain(node, path, decoding, "wrong-type", "not possible here",
                              shared->expected);
            for (const Type<T>& a : alternatives)
              if (a.shape.get() == nearest) return a.decode(node, path, into, decoding);
            return false;
          },
          {}};
}

/// A type that holds itself: `get` is called when the first value is read.
template <class T>
Type<T> reference_to(std::string name, const Type<T>& (*get)()) {
  Shape shape;
  shape.kind = Shape::Kind::reference;
  shape.name = std::move(name);
  shape.target = [get]() -> const Shape& { return *get().shape; };
  return {std::make_shared<const Shape>(std::move(shape)),
          [get](const Node& node, const Path& path, T& into, Decoding& decoding) {
            return get().decode(node, path, into, decoding);
          },
          {}};
}

}  // namespace spillway::scenarios
