#include "collector/summary.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

namespace thumbline {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void put(Writer& to, const char* key, std::uint64_t number) {
  to.Key(key);
  to.Uint64(number);
}

void put_scaled(Writer& to, const char* key, std::uint64_t us, double unit_us) {
  to.Key(key);
  to.Double(static_cast<double>(us) / unit_us);
}

void put_stage(Writer& to, const char* key, const StageFigures& stage) {
  constexpr double ms = 1e3;
  constexpr double s = 1e6;
  to.Key(key);
  to.StartObject();
  put(to, "count", stage.pictures);
  put(to, "failed", stage.failed);
  put(to, "bytes", stage.bytes);
  put_scaled(to, "wall_s", stage.wall_us, s);
  put_scaled(to, "busy_s", stage.busy_us, s);
  put_scaled(to, "p50_ms", stage.p50_us, ms);
  put_scaled(to, "p95_ms", stage.p95_us, ms);
  put_scaled(to, "p99_ms", stage.p99_us, ms);
  put_scaled(to, "max_ms", stage.max_us, ms);
  to.Key("images_per_s");
  to.Double(stage.images_per_s());
  to.EndObject();
}

}  // namespace

std::string summary_json(const RunFigures& run) {
  rapidjson::StringBuffer text;
  Writer to(text);
  to.SetIndent(' ', 2);
  to.SetMaxDecimalPlaces(6);
  to.StartObject();
  put(to, "links", run.links);
  put(to, "done", run.done);
  put(to, "failed", run.failed);
  to.Key("reasons");
  to.StartObject();
  for (const auto& [reason, count] : run.reasons) put(to, reason.c_str(), count);
  to.EndObject();
  put(to, "attempts", run.attempts);
  put_scaled(to, "wall_s", run.wall_us, 1e6);
  to.Key("stages");
  to.StartObject();
  put_stage(to, "fetch", run.fetch);
  put_stage(to, "resize", run.resize);
  to.EndObject();
  to.EndObject();
  return std::string(text.GetString(), text.GetSize()) + "\n";
}

}  // namespace thumbline
