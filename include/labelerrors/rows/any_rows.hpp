#ifndef LABELERRORS_ROWS_ANY_ROWS_HPP
#define LABELERRORS_ROWS_ANY_ROWS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/rows/ready_elements.hpp>
#include <labelerrors/rows/reread_costs.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Rows of any source with elements of type T, behind one type: an algorithm is compiled once for all of them, at the
/// price of an indirect call a block. Copies share the source.
template <row_element T>
class any_rows
{
public:
    using value_type = T;

    /// Keeps a copy of `source`.
    template <row_source Source>
        requires std::same_as<typename Source::value_type, T> &&
            (!std::same_as<Source, any_rows>)explicit any_rows(Source source)
            : source_(std::make_shared<model<Source>>(std::move(source)))
        {
        }

        [[nodiscard]] std::size_t num_rows() const noexcept
        {
            return source_->num_rows();
        }

        [[nodiscard]] std::size_t num_columns() const noexcept
        {
            return source_->num_columns();
        }

        /// Whether an element can be had without the rest of its row.
        [[nodiscard]] bool has_elements() const noexcept
        {
            return source_->has_elements();
        }

        /// One element; where the source has no element without its row, the whole row is read.
        [[nodiscard]] T element(std::size_t i, std::size_t j) const
        {
            return source_->element(i, j);
        }

        /// See ready_element_source; none are at hand where the source does not say.
        [[nodiscard]] std::size_t read_elements(std::size_t first, std::span<const std::size_t> columns,
                                                T* values) const
        {
            return source_->read_elements(first, columns, values);
        }

        /// Whether what may be needed of a row is better kept than read again.
        [[nodiscard]] bool costly_to_reread() const
        {
            return source_->costly_to_reread();
        }

        /// See row_elements.
        [[nodiscard]] std::size_t rows_worth_a_read() const
        {
            return source_->rows_worth_a_read();
        }

        /// Tells the source which rows are looked at next; see npy_rows::announce.
        void announce(std::size_t first, std::size_t count) const
        {
            source_->announce(first, count);
        }

        const T* read(std::size_t first, std::size_t count, std::vector<T>& buffer) const
        {
            return source_->read(first, count, buffer);
        }

        /// See half_source.
        [[nodiscard]] const float16* halves(std::size_t first, std::size_t count,
                                            std::vector<float16>& buffer) const requires std::same_as<T, float>
        {
            return source_->halves(first, count, buffer);
        }

    private:
        struct interface
        {
            virtual ~interface() = default;
            [[nodiscard]] virtual std::size_t num_rows() const = 0;
            [[nodiscard]] virtual std::size_t num_columns() const = 0;
            [[nodiscard]] virtual bool has_elements() const = 0;
            [[nodiscard]] virtual T element(std::size_t i, std::size_t j) const = 0;
            [[nodiscard]] virtual std::size_t read_elements(std::size_t first, std::span<const std::size_t> columns,
                                                            T* values) const = 0;
            [[nodiscard]] virtual bool costly_to_reread() const = 0;
            [[nodiscard]] virtual std::size_t rows_worth_a_read() const = 0;
            virtual void announce(std::size_t first, std::size_t count) const = 0;
            virtual const T* read(std::size_t first, std::size_t count, std::vector<T>& buffer) const = 0;
            [[nodiscard]] virtual const float16* halves(std::size_t first, std::size_t count,
                                                        std::vector<float16>& buffer) const = 0;
        };

        template <class Source>
        struct model final : interface
        {
            explicit model(Source wrapped) : source(std::move(wrapped))
            {
            }

            [[nodiscard]] std::size_t num_rows() const override
            {
                return source.num_rows();
            }

            [[nodiscard]] std::size_t num_columns() const override
            {
                return source.num_columns();
            }

            [[nodiscard]] bool has_elements() const override
            {
                return detail::has_elements(source);
            }

            [[nodiscard]] T element(std::size_t i, std::size_t j) const override
            {
                if constexpr (element_source<Source>)
                    return source.element(i, j);
                else
                {
                    std::vector<T> buffer;
                    return source.read(i, 1, buffer)[j];
                }
            }

            [[nodiscard]] std::size_t read_elements([[maybe_unused]] std::size_t first,
                                                    [[maybe_unused]] std::span<const std::size_t> columns,
                                                    [[maybe_unused]] T* values) const override
            {
                if constexpr (ready_element_source<Source>)
                    return source.read_elements(first, columns, values);
                else
                    return 0;
            }

            [[nodiscard]] bool costly_to_reread() const override
            {
                return detail::is_costly_to_reread(source);
            }

            [[nodiscard]] std::size_t rows_worth_a_read() const override
            {
                return detail::rows_worth_a_read(source);
            }

            void announce(std::size_t first, std::size_t count) const override
            {
                if constexpr (requires { source.announce(first, count); })
                    source.announce(first, count);
            }

            const T* read(std::size_t first, std::size_t count, std::vector<T>& buffer) const override
            {
                return source.read(first, count, buffer);
            }

            [[nodiscard]] const float16* halves([[maybe_unused]] std::size_t first, [[maybe_unused]] std::size_t count,
                                                [[maybe_unused]] std::vector<float16>& buffer) const override
            {
                if constexpr (half_source<Source>)
                    return source.halves(first, count, buffer);
                else
                    return nullptr;
            }

            Source source;
        };

        std::shared_ptr<const interface> source_;
};

}  // namespace labelerrors

#endif
