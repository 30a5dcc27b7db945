#ifndef LABELERRORS_IO_PICKLE_GLOBAL_HPP
#define LABELERRORS_IO_PICKLE_GLOBAL_HPP

#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/pickle_machine.hpp>
#include <labelerrors/io/pickle_value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace labelerrors::io::detail
{

/// The globals that are known.
enum class pickle_global
{
    reconstruct,
    ndarray,
    dtype,
    frombuffer,
    scalar,
    encode,
    bytes
};

/// What to do about a pickle of other things than are read.
inline constexpr const char* save_plain_values =
    "; save lists or arrays, in place of a set the list sorted(set), with protocol 4 or numpy.save";

/// Pushes the function `name` of `module` if it is one that numpy's arrays and numbers need.
inline void push_global(pickle_machine& machine, std::string_view module, std::string_view name)
{
    const auto push = [&](pickle_global global)
    {
        machine.push(pickle_kind::function, static_cast<std::int64_t>(global));
    };
    if ((module == "numpy.core.multiarray" || module == "numpy._core.multiarray") && name == "_reconstruct")
        push(pickle_global::reconstruct);
    else if ((module == "numpy.core.numeric" || module == "numpy._core.numeric") && name == "_frombuffer")
        push(pickle_global::frombuffer);
    else if ((module == "numpy.core.multiarray" || module == "numpy._core.multiarray") && name == "scalar")
        push(pickle_global::scalar);
    else if (module == "numpy" && name == "ndarray")
        push(pickle_global::ndarray);
    else if (module == "numpy" && name == "dtype")
        push(pickle_global::dtype);
    else if (module == "_codecs" && name == "encode")
        push(pickle_global::encode);
    else if ((module == "__builtin__" || module == "builtins") && name == "bytes")
        push(pickle_global::bytes);
    else
        machine.fail("the pickle asks for " + in_quotes(std::string(module) + "." + std::string(name)) +
                     ", which is refused: only numpy's arrays and integers are rebuilt and no code is run" +
                     save_plain_values);
}

[[nodiscard]] inline bool is_function(const pickle_value& value, pickle_global global) noexcept
{
    return value.kind == pickle_kind::function && value.integer == static_cast<std::int64_t>(global);
}

}  // namespace labelerrors::io::detail

#endif
