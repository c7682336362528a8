// The mesh and its options.
#include "scenarios/basic_types.h"
#include "scenarios/object.h"
#include "scenarios/quantity.h"
#include "scenarios/scalar.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using namespace model;

using Options = std::map<std::string, MeshOption>;

constexpr std::string_view kBudgetOverride = "budgetOverride";

/// By shape: what a profile makes of it is checked there.
bool read_scalar(const Node& node, const Path&, MeshOption& into, Decoding&) {
  switch (scalar_kind(node)) {
    case ScalarKind::boolean:
      into.value = parse_boolean(node.scalar).value_or(false);
      return true;
    case ScalarKind::integer:
    case ScalarKind::number:
      into.value = parse_number(node.scalar).value_or(0);
      return true;
    case ScalarKind::string:
      break;
  }
  if (const auto time = parse_duration(node.scalar); time && !node.quoted)
    into.value = sim::Distribution::constant(time.value);
  else
    into.value = node.scalar;
  return true;
}

const Type<MeshOption>& option() {
  static const Type<MeshOption> type = [] {
    Shape scalar;
    scalar.name = "option";
    scalar.expected = "a duration, a number, true, false or text";
    for (const char* kind : {"string", "number", "boolean"}) {
      Shape::Form form;
      form.json_type = kind;
      scalar.forms.push_back(std::move(form));
    }
    const Type<MeshOption> plain{std::make_shared<const Shape>(std::move(scalar)), read_scalar, {}};
    const auto wrap = [](auto value) {
      MeshOption option;
      option.value = std::move(value);
      return option;
    };
    return either<MeshOption>(
        {plain, converted<MeshOption>(distribution(), wrap), converted<MeshOption>(budget(), wrap)},
        "a duration, a law, a number, true, false, text or a budget");
  }();
  return type;
}

bool read_option(const Member& member, const Path& path, Options& into, Decoding& decoding) {
  MeshOption value;
  if (member.key == kBudgetOverride && member.value.kind == Node::Kind::mapping) {
    Budget read;
    if (!budget().decode(member.value, path, read, decoding)) return false;
    value.value = std::move(read);
  } else if (!option().decode(member.value, path, value, decoding)) {
    return false;
  }
  value.place = member.key_place;
  into.emplace(member.key, std::move(value));
  return true;
}

}  // namespace

const Type<MeshSpec>& mesh() {
  static const Type<Options> options =
      Object<Options>("options",
                      "Parameters of the profile; `spillway profiles` lists them. "
                      "`budgetOverride` puts a budget in place of the profile's own.")
          .others("", option().shape, read_option);
  static const Type<Channel> channel = choice<Channel>(
      "channel", {{"standard", Channel::standard}, {"experimental", Channel::experimental}});
  static const Type<MeshSpec> type =
      Object<MeshSpec>("mesh", "Which data plane carries the requests.")
          .optional("profile", &MeshSpec::profile, text(),
                    "Its profile; `spillway profiles` lists them.")
          .optional("version", &MeshSpec::version, text(), "Its version, in quotes.",
                    "the newest known")
          .optional("channel", &MeshSpec::channel, channel,
                    "Channel of the Gateway API CRDs that the cluster has installed.")
          .optional("options", &MeshSpec::options, options, "Parameters of the profile.",
                    "those of the profile")
          .check([](MeshSpec& mesh, const Node& node, const Path&, Decoding&) {
            if (const Node* profile = node.find("profile")) mesh.profile_place = profile->place;
            if (const Node* version = node.find("version")) mesh.version_place = version->place;
            return true;
          });
  return type;
}

}  // namespace spillway::scenarios
