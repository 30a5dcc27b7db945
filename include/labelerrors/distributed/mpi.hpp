#ifndef LABELERRORS_DISTRIBUTED_MPI_HPP
#define LABELERRORS_DISTRIBUTED_MPI_HPP

// The same answers on more machines: include this, link labelerrors::mpi.
#include <labelerrors/distributed/agreement.hpp>
#include <labelerrors/distributed/confident_joint.hpp>
#include <labelerrors/distributed/find_label_issues.hpp>
#include <labelerrors/distributed/find_multilabel_issues.hpp>
#include <labelerrors/distributed/label_quality_scores.hpp>
#include <labelerrors/distributed/multilabel_quality_scores.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/distributed/row_slice.hpp>

#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::distributed
{

/// How the processes talk.
struct mpi_options
{
    // The most that one call of MPI is given; more is sent in pieces. MPI counts in int.
    std::size_t most_bytes_a_call = std::size_t{1} << 30;
};

/// The processes of an MPI communicator, as a process_group: what the functions of this folder take first.
///
///     MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
///     {
///         labelerrors::distributed::mpi_processes ranks(MPI_COMM_WORLD);
///         const auto part = labelerrors::distributed::find_label_issues(ranks, my_labels, my_pred_probs);
///     }
///     MPI_Finalize();
///
/// Made and destroyed by all processes together, between MPI_Init and MPI_Finalize. It communicates on a copy of the
/// communicator, so that it meets no message of the program's own, and from the thread that calls alone, whatever
/// number of threads look at the rows. Needs a machine's bytes in the same order on all processes.
class mpi_processes
{
public:
    /// Throws value_error where a call may not be given a number of eight bytes, std::runtime_error where MPI fails.
    explicit mpi_processes(MPI_Comm communicator, const mpi_options& options = {})
        : most_bytes_(std::min(options.most_bytes_a_call, std::size_t{1} << 30))
    {
        if (most_bytes_ < sizeof(std::int64_t))
            throw value_error("mpi_processes: most_bytes_a_call must be at least 8, not " +
                              std::to_string(most_bytes_));
        require(MPI_Comm_dup(communicator, &communicator_), "MPI_Comm_dup");
        int number = 0;
        require(MPI_Comm_rank(communicator_, &number), "MPI_Comm_rank");
        rank_ = static_cast<std::size_t>(number);
        require(MPI_Comm_size(communicator_, &number), "MPI_Comm_size");
        size_ = static_cast<std::size_t>(number);
    }

    mpi_processes(const mpi_processes&) = delete;
    mpi_processes& operator=(const mpi_processes&) = delete;

    ~mpi_processes()
    {
        MPI_Comm_free(&communicator_);
    }

    [[nodiscard]] std::size_t rank() const noexcept
    {
        return rank_;
    }

    [[nodiscard]] std::size_t size() const noexcept
    {
        return size_;
    }

    /// See process_group.
    void sum(std::span<std::int64_t> numbers)
    {
        if (size_ == 1)
            return;
        const std::size_t most = most_bytes_ / sizeof(std::int64_t);
        for (std::size_t first = 0; first < numbers.size(); first += most)
        {
            const auto some = numbers.subspan(first, std::min(most, numbers.size() - first));
            require(MPI_Allreduce(MPI_IN_PLACE, some.data(), static_cast<int>(some.size()), MPI_INT64_T, MPI_SUM,
                                  communicator_),
                    "MPI_Allreduce");
        }
        ++communicated_.rounds;
        communicated_.bytes_sent += numbers.size_bytes();
    }

    /// See process_group. Throws std::bad_alloc on all processes where one has no memory for what it gets.
    [[nodiscard]] std::vector<message> exchange(std::vector<message> messages)
    {
        std::vector<std::uint64_t> sizes(size_);
        std::vector<std::uint64_t> coming(size_);
        for (std::size_t rank = 0; rank < size_; ++rank)
            sizes[rank] = messages[rank].size();
        require(MPI_Alltoall(sizes.data(), 1, MPI_UINT64_T, coming.data(), 1, MPI_UINT64_T, communicator_),
                "MPI_Alltoall");
        std::vector<message> received(size_);
        std::vector<MPI_Request> requests;
        const bool room = make_room(coming, sizes, received, requests);
        std::int64_t without_room = room ? 0 : 1;
        sum(std::span(&without_room, 1));
        if (without_room != 0)
            throw std::bad_alloc();
        received[rank_] = std::move(messages[rank_]);
        for (std::size_t rank = 0; rank < size_; ++rank)
            if (rank != rank_)
                in_pieces(received[rank],
                          [&](std::span<std::byte> piece)
                          {
                              require(MPI_Irecv(piece.data(), static_cast<int>(piece.size()), MPI_BYTE,
                                                static_cast<int>(rank), 0, communicator_, &requests.emplace_back()),
                                      "MPI_Irecv");
                          });
        // Each process begins with the one after it, so that not all send to the first at once.
        for (std::size_t step = 1; step < size_; ++step)
        {
            const std::size_t rank = (rank_ + step) % size_;
            communicated_.bytes_sent += messages[rank].size() + sizeof(std::uint64_t);
            in_pieces(messages[rank],
                      [&](std::span<std::byte> piece)
                      {
                          require(MPI_Isend(piece.data(), static_cast<int>(piece.size()), MPI_BYTE,
                                            static_cast<int>(rank), 0, communicator_, &requests.emplace_back()),
                                  "MPI_Isend");
                      });
        }
        ++communicated_.rounds;
        require(MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
        return received;
    }

    /// What this process has communicated so far. A sum of numbers counts once, however MPI goes about it.
    [[nodiscard]] const communication& communicated() const noexcept
    {
        return communicated_;
    }

private:
    static void require(int code, const char* function)
    {
        if (code == MPI_SUCCESS)
            return;
        std::array<char, MPI_MAX_ERROR_STRING> text{};
        int length = 0;
        MPI_Error_string(code, text.data(), &length);
        throw std::runtime_error(std::string(function) + ": " +
                                 std::string(text.data(), static_cast<std::size_t>(length)));
    }

    [[nodiscard]] std::size_t num_pieces(std::uint64_t bytes) const noexcept
    {
        return static_cast<std::size_t>((bytes + most_bytes_ - 1) / most_bytes_);
    }

    /// Makes room for what is coming and for the requests, before anything is sent.
    [[nodiscard]] bool make_room(std::span<const std::uint64_t> coming, std::span<const std::uint64_t> going,
                                 std::vector<message>& received, std::vector<MPI_Request>& requests) const
    {
        try
        {
            std::size_t pieces = 0;
            for (std::size_t rank = 0; rank < size_; ++rank)
                if (rank != rank_)
                {
                    received[rank].resize(static_cast<std::size_t>(coming[rank]));
                    pieces += num_pieces(coming[rank]) + num_pieces(going[rank]);
                }
            requests.reserve(pieces);
            return true;
        }
        catch (const std::bad_alloc&)
        {
            return false;
        }
    }

    template <class Use>
    void in_pieces(std::span<std::byte> bytes, const Use& use) const
    {
        for (std::size_t first = 0; first < bytes.size(); first += most_bytes_)
            use(bytes.subspan(first, std::min(most_bytes_, bytes.size() - first)));
    }

    std::size_t most_bytes_;
    MPI_Comm communicator_ = MPI_COMM_NULL;
    std::size_t rank_ = 0;
    std::size_t size_ = 1;
    communication communicated_;
};

}  // namespace labelerrors::distributed

#endif
