// Describes how a struct is written as a mapping: its keys, which of them are required, which go
// together.
//
//   static const Type<LoadDependentWork> type = Object<LoadDependentWork>("loadDependent", "Work
//   that ...")
//       .required("base", &LoadDependentWork::base, duration(), "With nobody else there.")
//       .optional("perInFlight", &LoadDependentWork::per_in_flight, duration(), "More for each
//       ...");
//
// The default of an optional field is what the struct holds. Used while types are built; the Type
// that comes out is immutable.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/type.h"

namespace spillway::scenarios {

/// Complains about a node that is no mapping, unknown keys, missing keys and broken key rules.
bool check_keys(const Shape& shape, const Node& node, const Path& path, Decoding& decoding);

template <class T>
class Object {
 public:
  Object(std::string name, std::string meaning) {
    shape_.kind = Shape::Kind::object;
    shape_.name = std::move(name);
    shape_.meaning = std::move(meaning);
    shape_.expected = "a mapping";
  }

  template <class M>
  Object& required(std::string key, M T::*member, const Type<M>& type, std::string meaning) {
    return add({std::move(key), type.shape, true, {}, std::move(meaning)}, type, assign(member));
  }

  template <class M>
  Object& optional(std::string key, M T::*member, const Type<M>& type, std::string meaning,
                   std::string default_text = {}) {
    if (default_text.empty() && type.write) default_text = type.write(T{}.*member);
    return add({std::move(key), type.shape, false, std::move(default_text), std::move(meaning)},
               type, assign(member));
  }

  template <class M>
  Object& optional(std::string key, std::optional<M> T::*member, const Type<M>& type,
                   std::string meaning, std::string default_text = {}) {
    return add({std::move(key), type.shape, false, std::move(default_text), std::move(meaning)},
               type, [member](T& into, M value) { into.*member = std::move(value); });
  }

  /// A key whose value goes where `set(T&, M)` puts it.
  template <class M, class Set>
  Object& custom(std::string key, const Type<M>& type, Set set, std::string meaning,
                 std::string default_text = {}) {
    return add({std::move(key), type.shape, false, std::move(default_text), std::move(meaning)},
               type, std::move(set));
  }

  /// The field that was added last must stand.
  Object& mandatory() {
    shape_.fields.back().required = true;
    return *this;
  }

  /// One of several keys of which exactly one must stand, with the value that it puts into T.
  template <class M, class Set>
  Object& one(std::string key, const Type<M>& type, Set set, std::string meaning) {
    ones_.push_back(key);
    return custom(std::move(key), type, std::move(set), std::move(meaning));
  }
  /// The same where T is a variant that can hold an M.
  template <class M>
  Object& one(std::string key, const Type<M>& type, std::string meaning) {
    return one(
        std::move(key), type, [](T& into, M value) { into = std::move(value); },
        std::move(meaning));
  }

  /// A mapping within this one whose fields belong to the same struct.
  Object& part(std::string key, const Type<T>& type, std::string meaning) {
    shape_.fields.push_back({std::move(key), type.shape, false, {}, std::move(meaning)});
    readers_.push_back(type.decode);
    return *this;
  }

  /// Keys beside the known ones; `read` decodes one and may complain.
  using ReadOther =
      std::function<bool(const Member&, const Path& path_of_member, T& into, Decoding&)>;
  Object& others(std::string key_pattern, ShapePtr value, ReadOther read) {
    shape_.other_key_pattern = std::move(key_pattern);
    shape_.other_keys = std::move(value);
    read_other_ = std::move(read);
    return *this;
  }

  Object& exactly_one(std::vector<std::string> keys) {
    return rule({KeyRule::Kind::exactly_one, std::move(keys)});
  }
  Object& at_most_one(std::vector<std::string> keys) {
    return rule({KeyRule::Kind::at_most_one, std::move(keys)});
  }
  Object& needs(std::string key, std::string other) {
    return rule({KeyRule::Kind::needs, {std::move(key), std::move(other)}});
  }

  Object& place(model::Place T::*member) {
    place_ = member;
    return *this;
  }

  /// After the fields have been read without complaint: what they say together. False after a
  /// complaint.
  using Check = std::function<bool(T&, const Node&, const Path&, Decoding&)>;
  Object& check(Check check) {
    check_ = std::move(check);
    return *this;
  }

  operator Type<T>() const {  // NOLINT(google-explicit-constructor): ends the chain of calls
    Shape finished = shape_;
    if (!ones_.empty()) finished.rules.push_back({KeyRule::Kind::exactly_one, ones_});
    const auto shape = std::make_shared<const Shape>(std::move(finished));
    return {shape,
            [shape, readers = readers_, other = read_other_, place = place_, check = check_](
                const Node& node, const Path& path, T& into, Decoding& decoding) {
              bool good = check_keys(*shape, node, path, decoding);
              for (const Member& member : node.members) {
                const Path at = path / member.key;
                if (const Field* field = shape->field(member.key))
                  good &= readers[field - shape->fields.data()](member.value, at, into, decoding);
                else if (other)
                  good &= other(member, at, into, decoding);
              }
              if (place != nullptr) into.*place = node.place;
              return good && (!check || check(into, node, path, decoding));
            },
            {}};
  }

 private:
  using Reader = std::function<bool(const Node&, const Path&, T&, Decoding&)>;

  template <class M>
  static auto assign(M T::*member) {
    return [member](T& into, M value) { into.*member = std::move(value); };
  }

  template <class M, class Set>
  Object& add(Field field, const Type<M>& type, Set set) {
    shape_.fields.push_back(std::move(field));
    readers_.push_back([decode = type.decode, set](const Node& node, const Path& path, T& into,
                                                   Decoding& decoding) {
      M value{};
      if (!decode(node, path, value, decoding)) return false;
      set(into, std::move(value));
      return true;
    });
    return *this;
  }

  Object& rule(KeyRule rule) {
    shape_.rules.push_back(std::move(rule));
    return *this;
  }

  Shape shape_;
  std::vector<Reader> readers_;  // by field
  std::vector<std::string> ones_;
  ReadOther read_other_;
  model::Place T::*place_ = nullptr;
  Check check_;
};

}  // namespace spillway::scenarios
